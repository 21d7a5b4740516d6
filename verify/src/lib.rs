//! What makes us believe Extant.
