// Runs in each page before the page's own scripts. PERSON is put in front: {code, tone}.
// Camera and screen become painted codes, the microphone a pure tone; what arrives is read back from the elements that play it.
(() => {
  const BITS = 10; // one white, eight of the code, one black
  const held = [];
  const peers = [];

  function painted(code, width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext("2d");
    const bits = [1, ...Array.from({ length: 8 }, (_, i) => (code >> i) & 1), 0];
    let turn = 0;
    const paint = () => {
      turn += 1;
      bits.forEach((bit, i) => {
        pen.fillStyle = bit ? "#fff" : "#000";
        pen.fillRect((i * width) / BITS, 0, width / BITS + 1, height);
      });
      // A moving mark below: every frame differs from the last.
      pen.fillStyle = "#888";
      pen.fillRect(0, height * 0.9, width, height * 0.1);
      pen.fillStyle = "#fff";
      pen.fillRect(((turn % 40) / 40) * width, height * 0.9, width / 40, height * 0.1);
    };
    paint();
    const timer = setInterval(paint, 66);
    const stream = canvas.captureStream(15);
    const track = stream.getVideoTracks()[0];
    held.push(canvas, stream, timer);
    return track;
  }

  let sounds = null;
  const context = () => (sounds ??= new AudioContext({ sampleRate: 48000 }));

  function toned(hz) {
    const tone = new OscillatorNode(context(), { frequency: hz });
    const quiet = new GainNode(context(), { gain: 0.4 });
    const out = new MediaStreamAudioDestinationNode(context());
    tone.connect(quiet).connect(out);
    tone.start();
    held.push(tone, out);
    return out.stream.getAudioTracks()[0];
  }

  const devices = navigator.mediaDevices;
  if (devices) {
    devices.getUserMedia = async (want) => {
      const tracks = [];
      if (want.audio) tracks.push(toned(PERSON.tone));
      if (want.video) tracks.push(painted(PERSON.code, 640, 360));
      return new MediaStream(tracks);
    };
    devices.getDisplayMedia = async () => new MediaStream([painted(PERSON.code ^ 0xff, 1280, 720)]);
  }

  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given);
      peers.push(this);
    }
  };

  const ears = new Map();
  function listening() {
    for (const element of document.querySelectorAll("audio")) {
      for (const track of element.srcObject?.getAudioTracks() ?? []) {
        if (ears.has(track.id) || track.readyState !== "live") continue;
        const source = new MediaStreamAudioSourceNode(context(), { mediaStream: new MediaStream([track]) });
        const fine = new AnalyserNode(context(), { fftSize: 8192, smoothingTimeConstant: 0 });
        const fast = new AnalyserNode(context(), { fftSize: 512, smoothingTimeConstant: 0 });
        source.connect(fine);
        source.connect(fast);
        ears.set(track.id, { source, fine, fast });
      }
    }
    return [...ears.values()];
  }

  const reader = document.createElement("canvas");
  reader.width = 160;
  reader.height = 90;
  const glass = reader.getContext("2d", { willReadFrequently: true });

  const log = [];
  let logging = 0;

  window.rig = {
    peers,
    /** The code in a picture, or null where there is none; frames counts those shown. */
    picture(side, seat, kind) {
      const video = document.querySelector(`[data-side="${side}"][data-seat="${seat}"][data-kind="${kind}"] video`);
      if (!video || !video.srcObject || video.readyState < 2 || !video.videoWidth) return null;
      glass.drawImage(video, 0, 0, reader.width, reader.height);
      const bits = Array.from({ length: BITS }, (_, i) => {
        const x = Math.round(((i + 0.5) * reader.width) / BITS);
        const [r, g, b] = glass.getImageData(x - 2, 36, 4, 4).data;
        return r + g + b > 384 ? 1 : 0;
      });
      const whole = bits[0] === 1 && bits[BITS - 1] === 0;
      const code = bits.slice(1, 9).reduce((sum, bit, i) => sum | (bit << i), 0);
      return { code: whole ? code : null, frames: video.getVideoPlaybackQuality().totalVideoFrames, width: video.videoWidth };
    },
    /** The loudest that each of these tones is in anything this page plays, in dBFS. */
    loudness(tones) {
      const levels = tones.map(() => -200);
      for (const { fine } of listening()) {
        const bins = new Float32Array(fine.frequencyBinCount);
        fine.getFloatFrequencyData(bins);
        tones.forEach((hz, i) => {
          const bin = Math.round((hz * fine.fftSize) / fine.context.sampleRate);
          levels[i] = Math.max(levels[i], ...bins.slice(bin - 1, bin + 2));
        });
      }
      return levels;
    },
    /** Begins to write down how loud everything is together, every 10 ms. */
    record() {
      log.length = 0;
      clearInterval(logging);
      logging = setInterval(() => {
        let power = 0;
        for (const { fast } of listening()) {
          const wave = new Float32Array(fast.fftSize);
          fast.getFloatTimeDomainData(wave);
          power += wave.reduce((sum, v) => sum + v * v, 0) / wave.length;
        }
        log.push([performance.timeOrigin + performance.now(), Math.sqrt(power)]);
      }, 10);
    },
    recorded: () => log,
    now: () => performance.timeOrigin + performance.now(),
    /** Presses a button of the page and returns the moment of the press. */
    press(selector) {
      const button = document.querySelector(selector);
      if (!button) throw new Error(`no ${selector} here`);
      const at = performance.timeOrigin + performance.now();
      button.click();
      return at;
    },
    /** Sums over all received voices: samples played, and how many of them were made up. */
    async voices() {
      const sum = { samples: 0, concealed: 0, silent: 0, lost: 0, packets: 0 };
      for (const peer of peers.filter((one) => one.connectionState === "connected")) {
        for (const one of (await peer.getStats()).values()) {
          if (one.type !== "inbound-rtp" || one.kind !== "audio") continue;
          sum.samples += one.totalSamplesReceived ?? 0;
          sum.concealed += one.concealedSamples ?? 0;
          sum.silent += one.silentConcealedSamples ?? 0;
          sum.lost += one.packetsLost ?? 0;
          sum.packets += one.packetsReceived ?? 0;
        }
      }
      return sum;
    },
    states: () => peers.map((one) => one.connectionState),
  };
})();
