//! gateway-sim: to be written.
