//! TLS to customers' databases: rustls with the platform's certificate authorities, and what a
//! connection's `ssl_mode` wants checked.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;
use starling_actors::ports::WarehouseError;

use super::login::{Login, SslMode};

/// For libraries that take the process's provider of cryptography instead of being given one.
pub(super) fn install_provider() {
    if CryptoProvider::get_default().is_none()
        && aws_lc_rs::default_provider().install_default().is_err()
    {
        tracing::debug!("another provider of cryptography was installed first");
    }
}

/// A client's configuration that checks what the login's mode says.
pub(super) fn client_config(login: &Login) -> Result<ClientConfig, WarehouseError> {
    let unusable = |words: &str| WarehouseError::Unreachable(words.to_owned());
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match login.ssl_mode {
        SslMode::Disable | SslMode::Prefer | SslMode::Require => {
            Arc::new(AnyServer(Arc::clone(&provider)))
        }
        SslMode::VerifyCa => Arc::new(AnyName(known(login, &provider)?)),
        SslMode::VerifyFull => Arc::new(known(login, &provider)?),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| unusable("TLS cannot be set up"))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

/// The platform's authorities, and those of the login.
fn known(login: &Login, provider: &Arc<CryptoProvider>) -> Result<Verifier, WarehouseError> {
    let unusable = |words: &str| WarehouseError::Unreachable(words.to_owned());
    let further = login.authorities.as_deref().unwrap_or_default();
    let further: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(further.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| unusable("its certificate authority is not PEM"))?;
    Verifier::new_with_extra_roots(further, Arc::clone(provider))
        .map_err(|_| unusable("the certificate authorities of this machine cannot be read"))
}

/// Encrypts without asking who it is: `prefer` and `require`.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Checks the chain but not the name: `verify-ca`. The chain is checked first, so a wrong name is
/// the last thing that can be wrong.
#[derive(Debug)]
struct AnyName(Verifier);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.0.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            outcome => outcome,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
