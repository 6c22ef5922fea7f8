//! Tokens good and bad.
