//! Reports: fields, their types, rendering, selection and sorting.
