//! The Python module `parley_engine`: commands in, events out, no decision. No packet enters Python.
//!
//! * `engine`: media and line of a node;
//! * `emulator`: the emulated line of the demo and the tests.

mod emulator;
mod engine;

use pyo3::prelude::*;

/// The engine of a node as a Python module.
#[pymodule]
mod _engine {
    #[pymodule_export]
    use super::emulator::Emulator;
    #[pymodule_export]
    use super::engine::Engine;
}
