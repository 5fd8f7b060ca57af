"""The image knows the roots of RDS, so that a task can tell the database from somebody in between."""

import re
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

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
