//! `parley_engine.Engine`: the media and the line of a node. Commands in, events out, all JSON.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use parley_io::engine::Engine as Running;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// A running engine of a node. See the stub for the methods.
#[pyclass(module = "parley_engine", frozen)]
pub struct Engine {
    running: Mutex<Option<Running>>,
    fd: i32,
}

/// A defect in the engine must not take the node's process with it: it is a Python exception like any other.
fn contained<T>(act: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|_| Err(PyRuntimeError::new_err("a defect in the engine was caught")))
}

impl Engine {
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        act: impl FnOnce(&Running) -> PyResult<T> + Send,
    ) -> PyResult<T> {
        py.detach(|| {
            contained(|| {
                let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
                match running.as_ref() {
                    Some(running) => act(running),
                    None => Err(PyRuntimeError::new_err("this engine was stopped")),
                }
            })
        })
    }
}

#[pymethods]
impl Engine {
    #[new]
    fn new(py: Python<'_>, config: &[u8]) -> PyResult<Self> {
        let running =
            py.detach(|| contained(|| Running::start(config).map_err(PyValueError::new_err)))?;
        Ok(Self {
            fd: running.fd(),
            running: Mutex::new(Some(running)),
        })
    }

    fn command(&self, py: Python<'_>, command: &[u8]) -> PyResult<()> {
        self.with(py, |running| {
            running.command(command).map_err(PyValueError::new_err)
        })
    }

    fn events<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let events = self.with(py, |running| Ok(running.events()))?;
        Ok(events.iter().map(|event| PyBytes::new(py, event)).collect())
    }

    /// The same number also after `stop`, so that a loop can forget it.
    fn fd(&self) -> i32 {
        self.fd
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let stats = self.with(py, |running| Ok(running.stats()))?;
        match stats {
            Some(stats) => Ok(PyBytes::new(py, stats.as_bytes())),
            None => Err(PyRuntimeError::new_err("the engine does not answer")),
        }
    }

    fn stop(&self, py: Python<'_>) {
        py.detach(|| {
            let running = self
                .running
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            drop(running);
        });
    }
}
