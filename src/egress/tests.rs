use super::*;

fn listed(entries: &[&str]) -> Egress {
    let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
    Egress::new(Policy::of_settings(&entries, true).unwrap())
}

const METADATA: [&str; 14] = [
    "http://169.254.169.254/latest/meta-data",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://169.254.169.254./",
    "http://169.254.170.2/",
    "http://[fd00:ec2::254]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::169.254.169.254]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[fe80::1]/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
];

#[test]
fn addresses_of_metadata_are_refused_in_every_mode_and_spelling() {
    let all = listed(&["open", "169.254.0.0/16", "169.254.169.254", "0.0.0.0/0", "::/0"]);
    for guard in [Egress::new(Policy::open()), Egress::strict(), all] {
        for url in METADATA {
            assert_eq!(guard.check(url).unwrap_err(), EgressError::Refused, "{url}");
        }
    }
}

#[test]
fn strict_admits_the_internet_and_nothing_else() {
    let strict = Egress::strict();
    for url in ["https://1.1.1.1/", "http://8.8.8.8:8080/", "https://[2606:4700::1111]/"] {
        assert!(strict.check(url).is_ok(), "{url}");
    }
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://172.31.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[fc00::1]/",
        "http://[ff02::1]/",
        "http://[2001::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[2002:7f00:1::]/",
    ] {
        assert_eq!(strict.check(url).unwrap_err(), EgressError::Refused, "{url}");
    }
}

#[test]
fn what_is_no_plain_address_of_the_web_is_refused() {
    let open = Egress::new(Policy::open());
    for url in ["", "models", "ftp://host/", "file:///etc/passwd", "unix:/socket", "http://"] {
        assert_eq!(open.check(url).unwrap_err(), EgressError::Malformed, "{url}");
    }
    for url in ["http://user@host/", "http://user:word@host/", "http://:word@host/"] {
        assert_eq!(open.check(url).unwrap_err(), EgressError::Credentials, "{url}");
    }
}

#[test]
fn a_list_admits_names_suffixes_and_networks() {
    let policy = |entries: &[&str]| listed(entries).policy;
    let inner: IpAddr = "10.1.2.3".parse().unwrap();
    let public: IpAddr = "1.1.1.1".parse().unwrap();
    for (entries, host, address, is_admitted) in [
        (&["models.corp"][..], "models.corp", inner, true),
        (&["models.corp"], "MODELS.corp.", inner, true),
        (&["models.corp"], "evil.models.corp", inner, false),
        (&["*.models.corp"], "a.models.corp", inner, true),
        (&["*.models.corp"], "models.corp", inner, false),
        (&["*.models.corp"], "amodels.corp", inner, false),
        (&["10.0.0.0/8"], "anything", inner, true),
        (&["10.1.2.3"], "anything", inner, true),
        (&["10.1.2.4"], "anything", inner, false),
        (&["public", "10.0.0.0/8"], "anything", public, true),
        (&["models.corp"], "api.example", public, false),
    ] {
        assert_eq!(policy(entries).admits(host, address), is_admitted, "{entries:?} {host}");
    }
}

#[test]
fn an_entry_that_means_nothing_is_named() {
    for entry in ["", "*", "*.", "10.0.0.0/33", "10.0.0.0/x", "http://host", "a b"] {
        let refused = Policy::of_settings(&[entry.to_owned()], false).unwrap_err();
        assert!(refused.to_string().starts_with(&format!("\"{entry}\"")), "{refused}");
    }
}

#[test]
fn no_list_is_open_on_a_laptop_and_strict_in_production() {
    assert_eq!(Policy::of_settings(&[], false).unwrap(), Policy::open());
    assert_eq!(Policy::of_settings(&[], true).unwrap(), Policy::strict());
}

#[tokio::test]
async fn a_name_is_judged_by_what_it_resolves_to() {
    let refused = Egress::strict().resolve("localhost", 80).await;
    assert_eq!(refused.unwrap_err(), EgressError::Refused);
    let found = Egress::new(Policy::open()).resolve("localhost", 80).await.unwrap();
    assert!(found.iter().all(|found| found.ip().is_loopback() && found.port() == 80));
}

#[test]
fn of_several_addresses_only_admitted_ones_are_connected_to() {
    let found = ["1.1.1.1:443", "10.0.0.1:443", "169.254.169.254:443"];
    let found = found.map(|text| text.parse().unwrap()).to_vec();
    let admitted = Egress::strict().admitted("rebinding.example", found).unwrap();
    assert_eq!(admitted, ["1.1.1.1:443".parse().unwrap()]);
}

#[tokio::test]
async fn the_client_connects_to_nothing_that_the_guard_refuses() {
    let client = Egress::strict().client().build().unwrap();
    let error = client.get("http://localhost:9/").send().await.unwrap_err();
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    let mut is_refused = false;
    while let Some(inner) = cause {
        is_refused |= inner.downcast_ref::<EgressError>() == Some(&EgressError::Refused);
        cause = inner.source();
    }
    assert!(is_refused, "{error:?}");
}
