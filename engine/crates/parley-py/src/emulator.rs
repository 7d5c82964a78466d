//! `parley_engine.Emulator`: the emulated line for the demo, the tests and the benchmarks.

use std::net::SocketAddr;

use parley_emulator::{Change, Conditions, LaneCounters, Side};
use parley_io::wire::{Wire, WireEnd};
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndConfig {
    listen: SocketAddr,
    node: SocketAddr,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    a: EndConfig,
    b: EndConfig,
    #[serde(default)]
    line: Change,
    #[serde(default)]
    seed: u64,
}

#[derive(Serialize)]
struct Counters<'a> {
    a: &'a LaneCounters,
    b: &'a LaneCounters,
}

/// A line between two nodes with rate, delay and loss, that can be cut. See the stub for the methods.
#[pyclass(module = "parley_engine", frozen)]
pub struct Emulator {
    wire: std::sync::Mutex<Option<Wire>>,
}

impl Emulator {
    fn with<T>(&self, py: Python<'_>, act: impl FnOnce(&Wire) -> PyResult<T> + Send) -> PyResult<T>
    where
        T: Send,
    {
        py.detach(|| {
            let wire = self.wire.lock().unwrap_or_else(|p| p.into_inner());
            match wire.as_ref() {
                Some(wire) => act(wire),
                None => Err(PyRuntimeError::new_err("this emulator was stopped")),
            }
        })
    }
}

fn reading(fault: &serde_json::Error) -> PyErr {
    PyValueError::new_err(format!("the emulator cannot read this: {fault}"))
}

#[pymethods]
impl Emulator {
    #[new]
    fn new(py: Python<'_>, config: &[u8]) -> PyResult<Self> {
        let config: Config = serde_json::from_slice(config).map_err(|f| reading(&f))?;
        let conditions = Conditions::default()
            .with(&config.line)
            .map_err(|fault| PyValueError::new_err(fault.to_string()))?;
        let ends = [config.a, config.b].map(|end| WireEnd {
            listen: end.listen,
            node: end.node,
        });
        let wire = py
            .detach(|| Wire::start(ends, conditions, config.seed))
            .map_err(|fault| PyOSError::new_err(format!("the emulator cannot start: {fault}")))?;
        Ok(Self {
            wire: std::sync::Mutex::new(Some(wire)),
        })
    }

    fn addrs(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.with(py, |wire| {
            Ok(wire.addrs().iter().map(ToString::to_string).collect())
        })
    }

    fn set(&self, py: Python<'_>, change: &[u8]) -> PyResult<()> {
        let change: Change = serde_json::from_slice(change).map_err(|f| reading(&f))?;
        self.with(py, move |wire| {
            wire.set(&change)
                .map_err(|fault| PyValueError::new_err(fault.to_string()))
        })
    }

    fn cut(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |wire| {
            wire.cut();
            Ok(())
        })
    }

    fn restore(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |wire| {
            wire.restore();
            Ok(())
        })
    }

    fn one_way(&self, py: Python<'_>, sender: &str) -> PyResult<()> {
        let side = match sender {
            "a" => Side::A,
            "b" => Side::B,
            _ => {
                return Err(PyValueError::new_err(
                    "the line has the ends \"a\" and \"b\"",
                ));
            }
        };
        self.with(py, move |wire| {
            wire.one_way(side);
            Ok(())
        })
    }

    fn counters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let [a, b] = self.with(py, |wire| Ok(wire.counters()))?;
        let text = serde_json::to_vec(&Counters { a: &a, b: &b })
            .map_err(|fault| PyRuntimeError::new_err(fault.to_string()))?;
        Ok(PyBytes::new(py, &text))
    }

    fn stop(&self, py: Python<'_>) {
        py.detach(|| {
            self.wire.lock().unwrap_or_else(|p| p.into_inner()).take();
        });
    }
}
