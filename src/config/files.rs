//! Settings of files: where what people upload is kept, and what may be.
//!
//! **Invariant:** settings that pass [`check`] let every node of a cluster find an upload that another one
//! took.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{ConfigError, Settings};

/// Where uploads are below the data folder unless the settings say otherwise.
const FOLDER: &str = "uploads";
/// Largest file that an operator may let in: one is put together on a node's disk, and travels to S3
/// within minutes.
const UPLOAD_BYTES_MAX: u64 = 2 << 30;
/// Least room for copies: the tables of the largest upload take nearly as much.
const CACHE_BYTES_MIN: u64 = 1 << 30;

/// Where what people upload is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// Which store.
    pub kind: FilesKind,
    /// The folder of files, or with S3 that of copies and of uploads on their way; empty: `uploads` in
    /// the data folder.
    pub dir: PathBuf,
    /// Whether all nodes of a cluster see one and the same folder there.
    pub shared: bool,
    /// Bytes that copies of files from S3 may take on this machine.
    pub cache_bytes: u64,
    /// Bytes of one file that somebody attaches.
    pub upload_max_bytes: u64,
    /// Bytes of all files that people of one organization attached; 0: without a limit.
    pub bytes_per_org: u64,
    /// Types (`application/zip`, `video/*`) and endings (`.exe`) that nobody may attach.
    pub blocked_types: Vec<String>,
    /// Who is asked before a file may be used: a program's path, or an address of HTTP; empty: nobody.
    pub scanner: String,
    /// Storage that speaks S3.
    pub s3: S3,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            kind: FilesKind::Folder,
            dir: PathBuf::new(),
            shared: false,
            // Some of the largest tables at once, or hundreds of usual ones.
            cache_bytes: 4 << 30,
            // What other chats take: a long slide show, a short film.
            upload_max_bytes: 50 << 20,
            // Years of a team of twenty; a disk that is smaller is told by its own limit.
            bytes_per_org: 20 << 30,
            blocked_types: Vec::new(),
            scanner: String::new(),
            s3: S3::default(),
        }
    }
}

/// A store of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilesKind {
    /// A folder.
    #[default]
    Folder,
    /// Storage that speaks S3.
    S3,
}

/// Storage that speaks S3.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct S3 {
    /// Its address; empty: Amazon's of the region.
    pub endpoint: String,
    /// The bucket, which must be there.
    pub bucket: String,
    /// The region; storage of one's own knows one only and often calls it this.
    pub region: String,
    /// As whom the server comes.
    pub access_key: String,
    /// What it proves that with.
    pub secret_key: String,
    /// Whether the bucket stands in the path and not in front of the host's name.
    pub path_style: bool,
    /// What all names in the bucket begin with, so that others may use it too.
    pub prefix: String,
}

impl Default for S3 {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            bucket: String::new(),
            region: "us-east-1".to_owned(),
            access_key: String::new(),
            secret_key: String::new(),
            path_style: true,
            prefix: String::new(),
        }
    }
}

impl Settings {
    /// The folder of uploads, or of what this machine has of them.
    pub fn uploads_dir(&self) -> PathBuf {
        if self.files.dir.as_os_str().is_empty() {
            return self.data.dir.join(FOLDER);
        }
        self.files.dir.clone()
    }
}

/// Refuses what would lose uploads or find none; tells what has no effect.
pub(super) fn check(settings: &Settings) -> Result<Vec<String>, ConfigError> {
    let files = &settings.files;
    check_attachments(files)?;
    match files.kind {
        FilesKind::S3 => check_s3(files).map(|()| Vec::new()),
        FilesKind::Folder if settings.is_cluster() && !files.shared => Err(wrong(
            "files.kind",
            "\"folder\" is on this machine, but any node of a cluster may be asked about an upload: set \
             files.kind = \"s3\" with files.s3.*, or files.shared = true when files.dir is one folder \
             that all nodes see",
        )),
        FilesKind::Folder => {
            let S3 { endpoint, bucket, access_key, secret_key, .. } = &files.s3;
            let set = [
                ("files.s3.endpoint", endpoint),
                ("files.s3.bucket", bucket),
                ("files.s3.access_key", access_key),
                ("files.s3.secret_key", secret_key),
            ];
            let set = set.into_iter().filter(|(_, value)| !value.is_empty());
            let told = |key| format!("{key} is set, but has no use without files.kind = \"s3\"");
            Ok(set.map(|(key, _)| told(key)).collect())
        }
    }
}

fn check_attachments(files: &Files) -> Result<(), ConfigError> {
    if !(1..=UPLOAD_BYTES_MAX).contains(&files.upload_max_bytes) {
        let words = format!("must be between 1 and {UPLOAD_BYTES_MAX}");
        return Err(wrong("files.upload_max_bytes", &words));
    }
    let is_rule = |rule: &String| {
        let rule = rule.trim();
        let is_ending = rule.strip_prefix('.').is_some_and(|end| !end.is_empty());
        is_ending || rule.split_once('/').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty())
    };
    if let Some(odd) = files.blocked_types.iter().find(|rule| !is_rule(rule)) {
        let words = format!("\"{odd}\" is neither a type (a/b, a/*) nor an ending (.end)");
        return Err(wrong("files.blocked_types", &words));
    }
    let scanner = files.scanner.as_str();
    let is_known = ["/", "http://", "https://"].iter().any(|way| scanner.starts_with(way));
    if !scanner.is_empty() && !is_known {
        return Err(wrong("files.scanner", "must be a program's full path, or begin with http"));
    }
    Ok(())
}

fn check_s3(files: &Files) -> Result<(), ConfigError> {
    let S3 { endpoint, bucket, region, access_key, secret_key, prefix, .. } = &files.s3;
    let needed = [
        ("files.s3.bucket", bucket),
        ("files.s3.region", region),
        ("files.s3.access_key", access_key),
        ("files.s3.secret_key", secret_key),
    ];
    let missing: Vec<&str> =
        needed.into_iter().filter(|(_, value)| value.is_empty()).map(|(key, _)| key).collect();
    if !missing.is_empty() {
        return Err(wrong("files.kind", &format!("\"s3\" also needs {}", missing.join(", "))));
    }
    if !endpoint.is_empty() && !["http://", "https://"].iter().any(|way| endpoint.starts_with(way))
    {
        return Err(wrong("files.s3.endpoint", "must begin with http:// or https://"));
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let leads_up = prefix.trim_matches('/').split('/').any(|part| [".", ".."].contains(&part));
    if !prefix.chars().all(is_plain) || leads_up {
        return Err(wrong("files.s3.prefix", "may have letters, digits, -, _ and / only"));
    }
    if files.cache_bytes < CACHE_BYTES_MIN {
        return Err(wrong("files.cache_bytes", &format!("must be at least {CACHE_BYTES_MIN}")));
    }
    Ok(())
}

fn wrong(key: &str, message: &str) -> ConfigError {
    ConfigError::Value { source_name: key.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::StorageKind;

    fn with_s3() -> Settings {
        let mut settings = Settings::default();
        settings.files.kind = FilesKind::S3;
        settings.files.s3 = S3 {
            endpoint: "https://s3.example".to_owned(),
            bucket: "starling".to_owned(),
            access_key: "name".to_owned(),
            secret_key: "proof".to_owned(),
            ..S3::default()
        };
        settings
    }

    fn refused(settings: &Settings) -> String {
        check(settings).expect_err("is refused").to_string()
    }

    #[test]
    fn a_cluster_starts_with_a_folder_only_when_it_is_told_that_all_nodes_see_it() {
        let mut cluster = Settings::default();
        cluster.storage.kind = StorageKind::Scylla;
        assert!(refused(&cluster).contains("files.shared = true"));
        cluster.files.shared = true;
        assert!(check(&cluster).unwrap().is_empty());
        let mut cluster = with_s3();
        cluster.storage.kind = StorageKind::Scylla;
        assert!(check(&cluster).unwrap().is_empty());
    }

    #[test]
    fn half_of_s3_is_refused_with_what_is_missing() {
        let mut half = with_s3();
        half.files.s3.bucket.clear();
        half.files.s3.secret_key.clear();
        let said = refused(&half);
        assert!(said.ends_with("also needs files.s3.bucket, files.s3.secret_key"), "{said}");
        let mut odd = with_s3();
        odd.files.s3.endpoint = "s3.example".to_owned();
        assert!(refused(&odd).starts_with("files.s3.endpoint"));
        for prefix in ["a b", "../b", "a//../b"] {
            let mut odd = with_s3();
            odd.files.s3.prefix = prefix.to_owned();
            assert!(refused(&odd).starts_with("files.s3.prefix"), "{prefix}");
        }
        let mut tight = with_s3();
        tight.files.cache_bytes = 1;
        assert!(refused(&tight).starts_with("files.cache_bytes"));
    }

    #[test]
    fn what_may_be_attached_is_said_in_ways_that_mean_something() {
        let with = |change: fn(&mut Files)| {
            let mut settings = Settings::default();
            change(&mut settings.files);
            settings
        };
        assert!(refused(&with(|files| files.upload_max_bytes = 0)).contains("upload_max_bytes"));
        for odd in ["", "zip", "/", ".", "a/"] {
            let mut settings = Settings::default();
            settings.files.blocked_types = vec![odd.to_owned()];
            assert!(refused(&settings).starts_with("files.blocked_types"), "{odd}");
        }
        assert!(refused(&with(|files| files.scanner = "scan".to_owned())).contains("scanner"));
        let usable = with(|files| {
            files.blocked_types = vec!["video/*".to_owned(), ".exe".to_owned()];
            files.scanner = "/usr/bin/clamdscan".to_owned();
        });
        assert!(check(&usable).unwrap().is_empty());
    }

    #[test]
    fn what_a_folder_has_no_use_for_is_told() {
        let mut folder = with_s3();
        folder.files.kind = FilesKind::Folder;
        assert_eq!(check(&folder).unwrap().len(), 4);
        assert_eq!(Settings::default().uploads_dir(), PathBuf::from("data/uploads"));
    }
}
