//! Shell, to be written.
