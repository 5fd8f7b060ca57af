"""The image knows the roots of RDS, so that a task can tell the database from somebody in between."""

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy.exc import OperationalError

from domain.shared.db import make_engine

ROOT = Path(__file__).resolve().parents[2]
ROOTS = ROOT / "domain" / "shared" / "rds.pem"


def regions_of_terraform() -> list[str]:
    given = re.search(
        r"condition = contains\(\[(.*?)\], var\.region\)", (ROOT / "infra" / "variables.tf").read_text(), re.S
    )
    assert given is not None
    return re.findall(r'"([\w-]+)"', given[1])


def test_each_region_has_its_root_which_signs_itself_and_lasts() -> None:
    found = x509.load_pem_x509_certificates(ROOTS.read_bytes())

    for root in found:
        root.verify_directly_issued_by(root)
        assert root.not_valid_after_utc > datetime(2060, 1, 1, tzinfo=UTC)
        assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    names = [str(root.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value) for root in found]
    assert names == [f"Amazon RDS {region} Root CA RSA2048 G1" for region in regions_of_terraform()]
    assert "us-east-1" in regions_of_terraform()


def test_the_databases_address_names_them_where_the_image_has_them() -> None:
    written = (ROOT / "infra" / "database.tf").read_text()
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert re.findall(r"sslmode=verify-full&sslrootcert=([\w/.]+)", written) == [f"/app/{ROOTS.relative_to(ROOT)}"]
    assert written.count("ca_cert_identifier") == written.count('resource "aws_db_instance" ') == 2
    assert 'database_root = "rds-ca-rsa2048-g1"' in written
    assert re.search(r"^WORKDIR /app$", dockerfile, re.MULTILINE)
    assert re.search(r"^COPY domain/ domain/$", dockerfile, re.MULTILINE)


@contextmanager
def somebody_in_between(place: Path) -> Iterator[int]:
    """Answer one client as a PostgreSQL with TLS does, with a certificate that nobody but itself vouches for."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    both = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (place / "own.pem").write_bytes(both + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / "own.pem")
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def answer() -> None:
            with suppress(OSError), server.accept()[0] as link:
                link.settimeout(10)
                link.recv(8)  # may it be TLS?
                link.sendall(b"S")
                with context.wrap_socket(link, server_side=True):
                    pass

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
    thread.join(10)


def test_whoever_is_not_the_database_gets_no_password(tmp_path: Path) -> None:
    with somebody_in_between(tmp_path) as port:
        tail = f"sslmode=verify-full&sslrootcert={ROOTS}"
        address = f"postgresql+psycopg://shop:word@localhost:{port}/shop?{tail}&connect_timeout=10"
        engine = make_engine(address, pool_size=1, application_name="test")

        with pytest.raises(OperationalError, match="certificate verify failed"):
            engine.connect()
