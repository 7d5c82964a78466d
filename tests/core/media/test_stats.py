from parley.core.media.stats import Crossing, decode_stats

SEAT = "0123456789abcdef"


def test_the_snapshot_is_read_and_the_rest_passed_over():
    stats = decode_stats(
        b'{"media":{"port":7,"peers":0},"line":{"addr":null,"state":"linked","rtt_ms":12.5,"loss":0.01,"rate_kbit":null,'
        b'"out":{"audio":{"bytes":10,"packets":1,"dropped":0}},"in":{}},"seats":{},'
        b'"crossing":[{"direction":"out","seat":"0123456789abcdef","kind":"video","layer":2,"bytes":9,"packets":1,"viewers":1}]}'
    )
    assert stats.line.out.audio.bytes == 10 and stats.line.in_.audio.bytes == 0
    assert stats.crossing == [Crossing("out", SEAT, "video", 2, 9, 1, 1)]
    assert decode_stats(b"{}").line.rtt_ms is None
