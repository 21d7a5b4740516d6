use super::{TimeZone, write_time};
use std_alloc::string::String;

fn shown(seconds: u64, format: &str, zone: &TimeZone) -> String {
    let mut text = String::new();
    write_time(&mut text, seconds, format, zone);
    text
}

/// Seconds, and what glibc makes of them.
const CASES: [(u64, &str); 20] = [
    (
        0,
        "Thu Thursday Jan January Thu Jan  1 00:00:00 1970 19 01 01/01/70  1 1970-01-01 70 1970 00 12 001  0 12 01 00 AM am 12:00:00 AM 00:00 0 00 00:00:00 4 00 01 4 00 01/01/70 00:00:00 70 1970 +0000 UTC % Jan",
    ),
    (
        951_782_399,
        "Mon Monday Feb February Mon Feb 28 23:59:59 2000 20 28 02/28/00 28 2000-02-28 00 2000 23 11 059 23 11 02 59 PM pm 11:59:59 PM 23:59 951782399 59 23:59:59 1 09 09 1 09 02/28/00 23:59:59 00 2000 +0000 UTC % Feb",
    ),
    (
        951_782_400,
        "Tue Tuesday Feb February Tue Feb 29 00:00:00 2000 20 29 02/29/00 29 2000-02-29 00 2000 00 12 060  0 12 02 00 AM am 12:00:00 AM 00:00 951782400 00 00:00:00 2 09 09 2 09 02/29/00 00:00:00 00 2000 +0000 UTC % Feb",
    ),
    (
        1_704_067_199,
        "Sun Sunday Dec December Sun Dec 31 23:59:59 2023 20 31 12/31/23 31 2023-12-31 23 2023 23 11 365 23 11 12 59 PM pm 11:59:59 PM 23:59 1704067199 59 23:59:59 7 53 52 0 52 12/31/23 23:59:59 23 2023 +0000 UTC % Dec",
    ),
    (
        1_704_067_200,
        "Mon Monday Jan January Mon Jan  1 00:00:00 2024 20 01 01/01/24  1 2024-01-01 24 2024 00 12 001  0 12 01 00 AM am 12:00:00 AM 00:00 1704067200 00 00:00:00 1 00 01 1 01 01/01/24 00:00:00 24 2024 +0000 UTC % Jan",
    ),
    (
        1_230_768_000,
        "Thu Thursday Jan January Thu Jan  1 00:00:00 2009 20 01 01/01/09  1 2009-01-01 09 2009 00 12 001  0 12 01 00 AM am 12:00:00 AM 00:00 1230768000 00 00:00:00 4 00 01 4 00 01/01/09 00:00:00 09 2009 +0000 UTC % Jan",
    ),
    (
        1_609_459_199,
        "Thu Thursday Dec December Thu Dec 31 23:59:59 2020 20 31 12/31/20 31 2020-12-31 20 2020 23 11 366 23 11 12 59 PM pm 11:59:59 PM 23:59 1609459199 59 23:59:59 4 52 53 4 52 12/31/20 23:59:59 20 2020 +0000 UTC % Dec",
    ),
    (
        1_609_459_200,
        "Fri Friday Jan January Fri Jan  1 00:00:00 2021 20 01 01/01/21  1 2021-01-01 20 2020 00 12 001  0 12 01 00 AM am 12:00:00 AM 00:00 1609459200 00 00:00:00 5 00 53 5 00 01/01/21 00:00:00 21 2021 +0000 UTC % Jan",
    ),
    (
        2_675_342_405,
        "Sun Sunday Oct October Sun Oct 11 14:40:05 2054 20 11 10/11/54 11 2054-10-11 54 2054 14 02 284 14  2 10 40 PM pm 02:40:05 PM 14:40 2675342405 05 14:40:05 7 41 41 0 40 10/11/54 14:40:05 54 2054 +0000 UTC % Oct",
    ),
    (
        1_097_127_993,
        "Thu Thursday Oct October Thu Oct  7 05:46:33 2004 20 07 10/07/04  7 2004-10-07 04 2004 05 05 281  5  5 10 46 AM am 05:46:33 AM 05:46 1097127993 33 05:46:33 4 40 41 4 40 10/07/04 05:46:33 04 2004 +0000 UTC % Oct",
    ),
    (
        3_185_950_873,
        "Tue Tuesday Dec December Tue Dec 16 10:21:13 2070 20 16 12/16/70 16 2070-12-16 70 2070 10 10 350 10 10 12 21 AM am 10:21:13 AM 10:21 3185950873 13 10:21:13 2 50 51 2 50 12/16/70 10:21:13 70 2070 +0000 UTC % Dec",
    ),
    (
        1_539_898_300,
        "Thu Thursday Oct October Thu Oct 18 21:31:40 2018 20 18 10/18/18 18 2018-10-18 18 2018 21 09 291 21  9 10 31 PM pm 09:31:40 PM 21:31 1539898300 40 21:31:40 4 41 42 4 42 10/18/18 21:31:40 18 2018 +0000 UTC % Oct",
    ),
    (
        3_415_330_359,
        "Thu Thursday Mar March Thu Mar 24 06:52:39 2078 20 24 03/24/78 24 2078-03-24 78 2078 06 06 083  6  6 03 52 AM am 06:52:39 AM 06:52 3415330359 39 06:52:39 4 12 12 4 12 03/24/78 06:52:39 78 2078 +0000 UTC % Mar",
    ),
    (
        2_965_446_622,
        "Fri Friday Dec December Fri Dec 21 07:10:22 2063 20 21 12/21/63 21 2063-12-21 63 2063 07 07 355  7  7 12 10 AM am 07:10:22 AM 07:10 2965446622 22 07:10:22 5 50 51 5 51 12/21/63 07:10:22 63 2063 +0000 UTC % Dec",
    ),
    (
        3_614_262_064,
        "Wed Wednesday Jul July Wed Jul 12 17:41:04 2084 20 12 07/12/84 12 2084-07-12 84 2084 17 05 194 17  5 07 41 PM pm 05:41:04 PM 17:41 3614262064 04 17:41:04 3 28 28 3 28 07/12/84 17:41:04 84 2084 +0000 UTC % Jul",
    ),
    (
        3_177_840_169,
        "Sat Saturday Sep September Sat Sep 13 13:22:49 2070 20 13 09/13/70 13 2070-09-13 70 2070 13 01 256 13  1 09 22 PM pm 01:22:49 PM 13:22 3177840169 49 13:22:49 6 36 37 6 36 09/13/70 13:22:49 70 2070 +0000 UTC % Sep",
    ),
    (
        2_800_454_814,
        "Sat Saturday Sep September Sat Sep 28 16:06:54 2058 20 28 09/28/58 28 2058-09-28 58 2058 16 04 271 16  4 09 06 PM pm 04:06:54 PM 16:06 2800454814 54 16:06:54 6 38 39 6 38 09/28/58 16:06:54 58 2058 +0000 UTC % Sep",
    ),
    (
        3_961_355_680,
        "Wed Wednesday Jul July Wed Jul 13 00:34:40 2095 20 13 07/13/95 13 2095-07-13 95 2095 00 12 194  0 12 07 34 AM am 12:34:40 AM 00:34 3961355680 40 00:34:40 3 28 28 3 28 07/13/95 00:34:40 95 2095 +0000 UTC % Jul",
    ),
    (
        2_276_503_845,
        "Thu Thursday Feb February Thu Feb 20 10:10:45 2042 20 20 02/20/42 20 2042-02-20 42 2042 10 10 051 10 10 02 10 AM am 10:10:45 AM 10:10 2276503845 45 10:10:45 4 07 08 4 07 02/20/42 10:10:45 42 2042 +0000 UTC % Feb",
    ),
    (
        124_576_495,
        "Wed Wednesday Dec December Wed Dec 12 20:34:55 1973 19 12 12/12/73 12 1973-12-12 73 1973 20 08 346 20  8 12 34 PM pm 08:34:55 PM 20:34 124576495 55 20:34:55 3 49 50 3 50 12/12/73 20:34:55 73 1973 +0000 UTC % Dec",
    ),
];

#[test]
fn times_look_as_strftime_shows_them() {
    let format = concat!(
        "%a %A %b %B %c %C %d %D %e %F %g %G %H %I %j %k %l %m %M %p ",
        "%P %r %R %s %S %T %u %U %V %w %W %x %X %y %Y %z %Z %% %h"
    );
    for (seconds, expected) in CASES {
        assert_eq!(shown(seconds, format, &TimeZone::UTC), expected);
    }
}

#[test]
fn offsets_are_signed_hours_and_minutes() {
    let zone = TimeZone::fixed(-(3 * 3600 + 1800), "NST");
    assert_eq!(shown(0, "%F %T %z %Z", &zone), "1969-12-31 20:30:00 -0330 NST");
    assert_eq!(shown(0, "%Q %", &zone), "%Q %");
}

#[test]
fn local_times_and_moments_correspond() {
    let zone = TimeZone::fixed(7200, "X");
    for time in [0, 951_782_400, 1_700_000_000] {
        assert_eq!(zone.to_utc(zone.to_local(time)), time);
    }
}

#[test]
fn no_bytes_are_too_strange_for_a_time_zone() {
    assert_eq!(TimeZone::parse(b""), None);
    assert_eq!(TimeZone::parse(b"TZif"), None);
    let mut bytes = std_alloc::vec![0xff_u8; 60];
    bytes[..4].copy_from_slice(b"TZif");
    assert_eq!(TimeZone::parse(&bytes), None);
}

#[test]
fn a_compiled_zone_is_read() {
    // One transition at 1000 from +0 (AAA) to +3600 (BBB).
    let mut bytes = std_alloc::vec::Vec::from(*b"TZif\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    for count in [0_u32, 0, 0, 1, 2, 8] {
        bytes.extend(count.to_be_bytes());
    }
    bytes.extend(1000_u32.to_be_bytes());
    bytes.push(1);
    bytes.extend([0, 0, 0, 0, 0, 0]);
    bytes.extend(3600_u32.to_be_bytes());
    bytes.extend([1, 4]);
    bytes.extend(b"AAA\0BBB\0");
    let zone = TimeZone::parse(&bytes).unwrap();
    assert_eq!(shown(999, "%T %Z", &zone), "00:16:39 AAA");
    assert_eq!(shown(1000, "%T %z", &zone), "01:16:40 +0100");
    // From version 2 on, the same again with longer times, and a rule for what comes later.
    bytes[4] = b'2';
    let mut second = bytes.clone();
    second.splice(44..48, 1000_u64.to_be_bytes());
    bytes.extend(second);
    bytes.extend(b"\nCCC-2\n");
    let zone = TimeZone::parse(&bytes).unwrap();
    assert_eq!(shown(999, "%T %Z", &zone), "00:16:39 AAA");
    assert_eq!(shown(1000, "%T %z", &zone), "02:16:40 +0200");
}

/// Rules, seconds, and what glibc makes of them.
const RULES: [(&str, u64, &str); 21] = [
    ("CET-1CEST,M3.5.0,M10.5.0/3", 1_774_745_999, "2026-03-29 01:59:59 +0100 CET"),
    ("CET-1CEST,M3.5.0,M10.5.0/3", 1_774_746_000, "2026-03-29 03:00:00 +0200 CEST"),
    ("CET-1CEST,M3.5.0,M10.5.0/3", 1_792_889_999, "2026-10-25 02:59:59 +0200 CEST"),
    ("CET-1CEST,M3.5.0,M10.5.0/3", 1_792_890_000, "2026-10-25 02:00:00 +0100 CET"),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_767_225_600, "2026-01-01 11:00:00 +1100 AEDT"),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_775_318_399, "2026-04-05 02:59:59 +1100 AEDT"),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_775_318_400, "2026-04-05 02:00:00 +1000 AEST"),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_790_438_399, "2026-09-27 01:59:59 +1000 AEST"),
    ("EST5EDT", 1_772_953_199, "2026-03-08 01:59:59 -0500 EST"),
    ("EST5EDT", 1_772_953_200, "2026-03-08 03:00:00 -0400 EDT"),
    ("EST5EDT", 1_793_512_799, "2026-11-01 01:59:59 -0400 EDT"),
    ("EST5EDT", 1_793_512_800, "2026-11-01 01:00:00 -0500 EST"),
    ("<-0330>+3:30", 0, "1969-12-31 20:30:00 -0330 -0330"),
    ("IST-1GMT0,M10.5.0,M3.5.0/1", 1_774_745_999, "2026-03-29 00:59:59 +0000 GMT"),
    ("IST-1GMT0,M10.5.0,M3.5.0/1", 1_774_746_000, "2026-03-29 02:00:00 +0100 IST"),
    ("ABC3DEF,J60,J300/0", 1_709_175_599, "2024-02-28 23:59:59 -0300 ABC"),
    ("ABC3DEF,J60,J300/0", 1_709_261_999, "2024-02-29 23:59:59 -0300 ABC"),
    ("ABC3DEF,J60,J300/0", 1_709_262_000, "2024-03-01 00:00:00 -0300 ABC"),
    ("ABC3DEF,59/-1,300", 1_709_171_999, "2024-02-28 22:59:59 -0300 ABC"),
    ("ABC3DEF,59/-1,300", 1_709_175_600, "2024-02-29 01:00:00 -0200 DEF"),
    ("ABC3DEF,59/-1,300", 1_709_171_998, "2024-02-28 22:59:58 -0300 ABC"),
];

#[test]
fn rules_are_those_of_posix() {
    for (rule, seconds, expected) in RULES {
        let zone = TimeZone::parse_rule(rule).unwrap();
        assert_eq!(shown(seconds, "%F %T %z %Z", &zone), expected, "{rule}");
    }
    for bad in ["", "A1", "CET", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1x", "<CET1"]
    {
        assert_eq!(TimeZone::parse_rule(bad), None, "{bad}");
    }
}
