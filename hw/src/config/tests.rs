use super::*;
use extant_core::ops::settings::Settings;
use extant_core::units::Sectors;
use std::time::Instant;

fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

fn sources(directory: &tempfile::TempDir) -> Sources {
    Sources {
        system: Some(directory.path().to_owned()),
        node_name: String::from("node"),
        ..Sources::default()
    }
}

#[test]
fn without_any_file_the_defaults_are_lvm2s() {
    let config = Config::load(&Sources::default()).unwrap();
    let expected = Settings { archive: false, backup: false, ..Settings::default() };
    assert_eq!(config.settings(), expected);
    let empty = directory(&[]);
    let config = Config::load(&sources(&empty)).unwrap();
    assert_eq!(config.settings(), Settings::default());
    assert_eq!(config.warnings, [""; 0]);
    let paths = config.paths();
    assert_eq!(paths.archive, empty.path().join("archive"));
    assert_eq!(paths.locking, Path::new("/run/lock/lvm"));
    let keeper = config.keeper(&paths, "node");
    assert_eq!((keeper.retain_min, keeper.retain_days, keeper.umask), (10, 30, 0o077));
    assert!(config.selection(&paths).unwrap().filter.passes_all());
    assert_eq!(config.hints(&paths), Some(PathBuf::from("/run/lvm")));
}

#[test]
fn the_strongest_source_decides() {
    let text = |number: u32| format!("report {{ list_item_separator=\"{number}\" }}");
    let files = [
        ("lvm.conf", text(1) + "tags { hosttags=1 other { host_list=\"elsewhere\" } more { } }"),
        ("lvmlocal.conf", text(2)),
        ("lvm_node.conf", text(3)),
        ("lvm_other.conf", text(9)),
        ("lvm_more.conf", text(4)),
        ("profile/p.profile", text(5)),
    ];
    let separator = |count: usize, command_profile: Option<&str>, overrides: Option<&str>| {
        let files: Vec<(&str, &str)> =
            files[..count].iter().map(|(name, text)| (*name, &**text)).collect();
        let directory = directory(&files);
        let sources = Sources {
            command_profile: command_profile.map(str::to_owned),
            overrides: overrides.map(str::to_owned),
            ..sources(&directory)
        };
        let config = Config::load(&sources).unwrap();
        config.text("report/list_item_separator").unwrap_or("").to_owned()
    };
    assert_eq!(separator(0, None, None), "");
    for (count, expected) in [(1, "1"), (2, "2"), (3, "3"), (4, "3"), (5, "4"), (6, "4")] {
        assert_eq!(separator(count, None, None), expected);
    }
    assert_eq!(separator(6, Some("p"), None), "5");
    assert_eq!(separator(6, Some("p"), Some("report/list_item_separator = \"6\"")), "6");
}

#[test]
fn values_of_every_kind_are_taken() {
    let directory = directory(&[(
        "lvm.conf",
        "# comment\nallocation { physical_extent_size = 1024 cling_tag_list = \"@a\" }\n\
         devices/pv_min_size = 512\nglobal { umask = 022 wait_for_locks = \"no\" system_id_source = \"lvmlocal\" }\n\
         local { system_id = \"me\" extra_system_ids = [\"you\", \"they\"] }\n\
         devices { default_data_alignment = 4 types = [\"fd\", 16] filter = [ \"a|x|\", \"r|.*|\" ] hints = \"none\" }\n\
         metadata { pvmetadatasize = 2048 stripesize = 128 } backup { retain_min = 0 archive = \"off\" }",
    )]);
    let config = Config::load(&sources(&directory)).unwrap();
    assert_eq!(config.warnings, [""; 0]);
    let settings = config.settings();
    assert_eq!(settings.extent_size, Sectors::new(2048));
    assert_eq!(settings.stripe_size, Sectors::new(256));
    assert_eq!(settings.pv_size_min, Sectors::new(1024));
    assert_eq!(settings.default_data_alignment, Sectors::new(8192));
    assert_eq!(settings.pv_metadata_size, Some(Sectors::new(2048)));
    assert_eq!(settings.cling_tags, ["@a"]);
    assert!(!settings.archive);
    assert_eq!(config.umask(), 0o022);
    let paths = config.paths();
    assert!(!config.locks(&paths).wait);
    assert_eq!(config.keeper(&paths, "node").retain_min, 1);
    assert_eq!(config.system_id_source(), crate::environment::SystemIdSource::Local("me".into()));
    assert_eq!(config.extra_system_ids(), ["you", "they"]);
    assert_eq!(config.hints(&paths), None);
    let selection = config.selection(&paths).unwrap();
    assert_eq!(selection.types, [(String::from("fd"), 16)]);
    assert!(!selection.filter.passes_all());
}

/// Rows: a setting, and what LVM2 2.03.16 says of it.
#[test]
fn odd_settings_are_told_in_lvm2s_words() {
    const FLAG: &str =
        "expected boolean value: 0/1, \"y/n\", \"yes/no\", \"on/off\", \"true/false\".";
    for (text, expected) in [
        (
            "global/umask=\"abc\"",
            "WARNING: Configuration setting \"global/umask\" has invalid type. Found string but expected integer.",
        ),
        ("global/nosuch=1", "Configuration setting \"global/nosuch\" unknown."),
        ("nosuch/x=1", "Configuration section \"nosuch\" unknown."),
        (
            "report/headings=\"x\"",
            &format!(
                "Configuration setting \"report/headings\" invalid. Found string value \"x\", {FLAG}"
            ),
        ),
        (
            "global/units=3",
            "WARNING: Configuration setting \"global/units\" has invalid type. Found integer but expected string.",
        ),
        (
            "devices/filter=[1]",
            "WARNING: Configuration setting \"devices/filter\" has invalid type. \
             Found integer but expected array with values of type: string.",
        ),
        (
            "devices/filter=\"\"",
            "Configuration setting \"devices/filter\" invalid. It cannot be set to an empty value.",
        ),
        (
            "devices/scan=[]",
            "Configuration setting \"devices/scan\" invalid. Empty value not allowed.",
        ),
        (
            "log/level=1.5",
            "WARNING: Configuration setting \"log/level\" has invalid type. Found float but expected integer.",
        ),
        ("log/level=1\nlog/level=2", "WARNING: Ignoring duplicate config value: log/level"),
    ] {
        let sources = Sources { overrides: Some(text.to_owned()), ..Sources::default() };
        let config = Config::load(&sources).unwrap();
        assert_eq!(config.warnings, [expected], "{text}");
        let quiet =
            Sources { overrides: Some(format!("config/checks=0 {text}")), ..Sources::default() };
        let warnings = Config::load(&quiet).unwrap().warnings;
        assert!(warnings.iter().all(|warning| warning.contains("duplicate")), "{text}");
    }
    for fine in [
        "tags { x { } }",
        "allocation { cache_settings { smq { y = 1 } } }",
        "backup/backup=7",
        "log/prefix=\"\"",
    ] {
        let sources = Sources { overrides: Some(fine.to_owned()), ..Sources::default() };
        assert_eq!(Config::load(&sources).unwrap().warnings, [""; 0], "{fine}");
    }
}

#[test]
fn what_does_not_parse_is_told_with_its_place_and_exit_code() {
    let broken = directory(&[("lvm.conf", "a = = ")]);
    let error = Config::load(&sources(&broken)).unwrap_err();
    assert_eq!(error.exit_code(), 4);
    let path = broken.path().join("lvm.conf");
    assert_eq!(
        error.to_string(),
        format!(
            "Parse error at byte 5 (line 1): expected a value\nFailed to load config file {}",
            path.display()
        )
    );
    let sources = Sources { overrides: Some("a=".into()), ..Sources::default() };
    let error = Config::load(&sources).unwrap_err();
    assert_eq!(error.exit_code(), 3);
    assert_eq!(
        error.to_string(),
        "Parse error at byte 3 (line 1): expected a value\nFailed to set overridden configuration entries."
    );
}

#[test]
fn profiles_have_what_profiles_may_have() {
    let directory = directory(&[
        ("profile/good.profile", "report/headings=0\nglobal/units=\"b\""),
        ("profile/thin.profile", "allocation/thin_pool_zero=0"),
        ("profile/bad.profile", "backup/archive=0"),
        ("profile/unknown.profile", "report/nosuch=0"),
    ]);
    let load = |command: Option<&str>, metadata: Option<&str>| {
        Config::load(&Sources {
            command_profile: command.map(str::to_owned),
            metadata_profile: metadata.map(str::to_owned),
            ..sources(&directory)
        })
    };
    let config = load(Some("good"), Some("thin")).unwrap();
    assert!(!config.flag("report/headings", true));
    assert!(!config.flag("allocation/thin_pool_zero", true));
    for (command, metadata, first, last) in [
        (
            Some("none"),
            None,
            "stat failed: No such file or directory",
            "Failed to apply command profile none.",
        ),
        (
            Some("bad"),
            None,
            "is not customizable by a profile.",
            "Failed to apply command profile bad.",
        ),
        (
            Some("unknown"),
            None,
            "Configuration setting \"report/nosuch\" unknown.",
            "profile unknown.",
        ),
        (
            Some("thin"),
            None,
            "by metadata profile only, not command profile.",
            "Failed to apply command profile thin.",
        ),
        (
            None,
            Some("good"),
            "by command profile only, not metadata profile.",
            "Failed to apply metadata profile good.",
        ),
    ] {
        let error = load(command, metadata).unwrap_err();
        assert_eq!(error.exit_code(), 5);
        let text = error.to_string();
        assert!(text.lines().next().unwrap().ends_with(first), "{text}");
        assert!(text.ends_with(last), "{text}");
    }
}

#[test]
fn filters_that_are_none_are_refused() {
    let refuse = |text: &str| {
        let sources = Sources { overrides: Some(text.to_owned()), ..Sources::default() };
        let config = Config::load(&sources).unwrap();
        config.selection(&config.paths()).unwrap_err().to_string()
    };
    assert_eq!(
        refuse("devices/filter=[\"x|.*|\"]"),
        "Pattern must begin with 'a' or 'r'.\nInvalid filter pattern \"x|.*|\".\nFailed to create regex device filter"
    );
    assert_eq!(
        refuse("devices/filter=[1]"),
        "Filter patterns must be enclosed in quotes.\nFailed to create regex device filter"
    );
}

/// Debian's `lvm.conf` is 110 KB of comments; every command reads it.
#[test]
fn the_file_a_distribution_ships_is_read_in_no_time() {
    let Ok(text) = fs::read("/etc/lvm/lvm.conf") else {
        eprintln!("skipped: there is no /etc/lvm/lvm.conf");
        return;
    };
    let begin = Instant::now();
    let section = parse(&text, &mut Vec::new()).unwrap();
    let took = begin.elapsed();
    println!("{} bytes in {took:?}", text.len());
    assert!(!section.entries.is_empty());
    assert!(took.as_millis() < 50, "{took:?}");
}
