"""The portal speaks TLS itself, with a certificate on disk and with one of its own making."""

import datetime
import http.client
import ipaddress
import signal
import socket
import ssl
import time

import portal as portal_process
import pytest
from browser import Browser
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

WITHIN_S = 20
NOW = datetime.datetime.now(datetime.UTC)


class Authority:
    """Certificates for localhost by an authority that no browser knows."""

    def __init__(self, folder):
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority")])
        own = self._certificate(self._name, self._key.public_key(), x509.BasicConstraints(True, 0))
        self.file = folder / "authority.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def issue(self, days: int = 30) -> int:
        """Writes a new certificate with its key; its serial number."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        made = self._certificate(name, key.public_key(), None, days)
        (self.folder / "key.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        (self.folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        return made.serial_number

    def _certificate(self, name, key, constraints, days=30):
        hosts = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = (
            x509.CertificateBuilder(self._name, name, key, x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(days=40))
            .not_valid_after(NOW + datetime.timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        )
        if constraints:
            builder = builder.add_extension(constraints, critical=True)
        return builder.sign(self._key, hashes.SHA256())


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = Authority(tmp_path_factory.mktemp("authority"))
    made.issue()
    return made


@pytest.fixture(scope="module")
def redirect_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def secure(cloud, authority, redirect_port, tmp_path_factory):
    tls = (
        f"tls:\n  certificate: {authority.folder}/cert.pem\n  key: {authority.folder}/key.pem\n"
        f"  redirect: 127.0.0.1:{redirect_port}\n"
    )
    folder = tmp_path_factory.mktemp("secure")
    with portal_process.running(folder, cloud.url, more=tls, scheme="https") as started:
        yield started


def connect(portal, authority) -> ssl.SSLSocket:
    """A connection by a client that knows the authority, and nobody else."""
    context = ssl.create_default_context(cafile=authority.file)
    raw = socket.create_connection(("127.0.0.1", portal.port), timeout=WITHIN_S)
    return context.wrap_socket(raw, server_hostname="localhost")


def serial(connection: ssl.SSLSocket) -> int:
    return x509.load_der_x509_certificate(connection.getpeercert(binary_form=True)).serial_number


def status(connection: ssl.SSLSocket) -> bytes:
    connection.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return connection.recv(65_536).split(b"\r\n")[0]


def until(condition) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_client_that_knows_the_authority_is_served(secure, authority):
    with connect(secure, authority) as connection:
        assert status(connection) == b"HTTP/1.1 200 OK"
        assert connection.version() == "TLSv1.3"


def test_somebody_signs_in_over_https_and_works(secure):
    browser = Browser(secure)
    try:
        browser.sign_in("ana")
        assert browser.path == "/"
        assert [c["name"] for c in browser.driver.get_cookies()] == ["__Host-caretaker"]
        browser.open("/resources")
        assert "Resources" in browser.text("h1")
        browser.sign_out()
        assert browser.path == "/sign-in"
    finally:
        browser.driver.quit()


def test_the_port_in_the_clear_leads_to_the_one_with_tls(secure, redirect_port):
    connection = http.client.HTTPConnection("127.0.0.1", redirect_port, timeout=WITHIN_S)
    connection.request("GET", "/resources?a=b")
    answer = connection.getresponse()
    assert answer.status == 308
    assert answer.getheader("Location") == f"https://127.0.0.1:{secure.port}/resources?a=b"
    assert answer.getheader("Strict-Transport-Security") is None


def test_a_new_certificate_is_taken_at_sighup_and_no_connection_is_lost(secure, authority):
    with connect(secure, authority) as before:
        renewed = authority.issue()
        secure.signal(signal.SIGHUP)

        def is_renewed() -> bool:
            with connect(secure, authority) as after:
                return serial(after) == renewed

        until(is_renewed)
        assert status(before) == b"HTTP/1.1 200 OK"
        assert serial(before) != renewed


def test_a_certificate_that_has_ended_is_not_taken(secure, authority):
    with connect(secure, authority) as before:
        used = serial(before)
    authority.issue(days=-1)
    secure.signal(signal.SIGHUP)
    time.sleep(1)
    with connect(secure, authority) as after:
        assert serial(after) == used
    authority.issue()


def test_for_trying_out_it_makes_a_certificate_itself(cloud, tmp_path):
    options = {"scheme": "https", "serving": ["--tls-self-signed"]}
    with portal_process.running(tmp_path, cloud.url, **options) as started:
        browser = Browser(started)
        try:
            browser.sign_in("ana")
            assert browser.path == "/"
        finally:
            browser.driver.quit()
        shown = ssl.get_server_certificate(("127.0.0.1", started.port))
        names = x509.load_pem_x509_certificate(shown.encode()).extensions
        hosts = names.get_extension_for_class(x509.SubjectAlternativeName).value
        assert "localhost" in hosts.get_values_for_type(x509.DNSName)


def test_check_says_how_long_the_certificate_is_good(secure, authority):
    assert "ok    Certificate: good until" in secure.check()
    authority.issue(days=3)
    assert "FAIL  Certificate: The certificate ends on" in secure.check()
    authority.issue()
