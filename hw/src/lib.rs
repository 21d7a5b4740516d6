//! Extant on a real machine: block devices, image files, locks and configuration.
