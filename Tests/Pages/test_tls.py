"""The portal speaks TLS itself, with a certificate on disk and with one of its own making."""

import http.client
import signal
import socket
import ssl
import time

import portal as portal_process
import pytest
from browser import Browser
from cryptography import x509
from ghost.certificates import Authority

WITHIN_S = 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("authority")


@pytest.fixture(scope="module")
def authority(folder):
    """Certificates of somebody whom no browser knows."""
    return Authority(folder)


@pytest.fixture(scope="module")
def redirect_port():
    return portal_process.free_port()


@pytest.fixture(scope="module")
def secure(cloud, authority, redirect_port, tmp_path_factory):
    file = authority.issue()
    tls = f"tls:\n  certificate: {file}\n  key: {file}\n  redirect: 127.0.0.1:{redirect_port}\n"
    folder = tmp_path_factory.mktemp("secure")
    with portal_process.running(folder, cloud.url, more=tls, scheme="https") as started:
        yield started


@pytest.fixture
def connect(secure, folder):
    """Connects as a client that knows the authority, and nobody else."""

    def connected() -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=folder / "ca.pem")
        raw = socket.create_connection(("127.0.0.1", secure.port), timeout=WITHIN_S)
        return context.wrap_socket(raw, server_hostname="127.0.0.1")

    return connected


def serial(connection: ssl.SSLSocket) -> int:
    return x509.load_der_x509_certificate(connection.getpeercert(binary_form=True)).serial_number


def status(connection: ssl.SSLSocket) -> bytes:
    connection.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return connection.recv(65_536).split(b"\r\n")[0]


def test_a_client_that_knows_the_authority_is_served(connect):
    with connect() as connection:
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


def test_a_new_certificate_is_taken_at_sighup_and_no_connection_is_lost(secure, authority, connect):
    with connect() as before:
        file = authority.issue()
        renewed = x509.load_pem_x509_certificate(file.read_bytes()).serial_number
        secure.signal(signal.SIGHUP)

        def is_renewed() -> bool:
            with connect() as after:
                return serial(after) == renewed

        portal_process.until(is_renewed, "the new certificate")
        assert status(before) == b"HTTP/1.1 200 OK"
        assert serial(before) != renewed


def test_a_certificate_that_has_ended_is_not_taken(secure, authority, connect):
    with connect() as before:
        used = serial(before)
    authority.issue(days=-1)
    secure.signal(signal.SIGHUP)
    time.sleep(1)
    with connect() as after:
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
    assert "ok      Certificate: Good until" in secure.check()
    authority.issue(days=3)
    assert "UNSAFE  Certificate: It ends on" in secure.check()
    authority.issue()
