//! Between metadata text and the model.
