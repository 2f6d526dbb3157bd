"""An authority of its own, and the certificates it gives the blog."""

import datetime
import ipaddress
import pathlib
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "blog.example.com"
DAYS = 200  # how long a certificate holds unless told otherwise
AUTHORITY_DAYS = 3_650
AGE = datetime.timedelta(days=365)  # before today all of them begin, also one that has ended


class Authority:
    """Writes `ca.pem`, by which its certificates are trusted, and `blog.pem`, which is secret."""

    def __init__(self, folder: pathlib.Path):
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Demo authority")
        usage = x509.BasicConstraints(ca=True, path_length=0)
        certificate = (
            self._begun(self._name, self._key, AUTHORITY_DAYS)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, days: float = DAYS) -> ssl.SSLContext:
        """A server's side of TLS with a new certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.issue(days))
        return context

    def issue(self, days: float = DAYS) -> pathlib.Path:
        """A file with a new key and its certificate for so many days more, or less than none."""
        key = ec.generate_private_key(ec.SECP256R1())
        addresses = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        names = x509.SubjectAlternativeName([x509.DNSName(HOST), *addresses])
        certificate = (
            self._begun(_name(HOST), key, days)
            .add_extension(names, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        file = self._folder / "blog.pem"
        file.touch(mode=0o600)
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return file

    def _begun(self, subject: x509.Name, key, days: float) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.timezone.utc)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - AGE)
            .not_valid_after(now + datetime.timedelta(days=days))
        )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
