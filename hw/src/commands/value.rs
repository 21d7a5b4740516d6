//! Values of options, as LVM2 reads them. The error of a parser is the line that LVM2 prints before
//! `Invalid argument for --option: value`, or empty where there is none.

/// Reads `y` or `n`.
pub(super) fn yes_no(text: &str) -> Result<bool, String> {
    match text {
        "y" => Ok(true),
        "n" => Ok(false),
        _ => Err(String::new()),
    }
}
