//! The Python module `parley_engine`: commands in, events out, no decision. No packet enters Python.

mod emulator;

use pyo3::prelude::*;

/// The engine of a node as a Python module.
#[pymodule]
mod _engine {
    #[pymodule_export]
    use super::emulator::Emulator;
}
