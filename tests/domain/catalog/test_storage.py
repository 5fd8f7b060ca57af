"""Pictures on this machine's disk."""

import pytest

from domain.catalog.media import LocalStorage, key_for
from domain.catalog.media.storage import NoSuchFile


def test_what_is_stored_is_read_again_under_a_name_made_of_it(tmp_path):
    storage = LocalStorage(tmp_path)
    key = key_for(b"a picture", "webp")

    storage.put(key, b"a picture", "image/webp")
    storage.put(key, b"a picture", "image/webp")

    assert key == "92b2fa58028958317e408bd84ecfa70f.webp"
    with storage.open(key) as file:
        assert file.read() == b"a picture"
    assert storage.url(key) == f"/media/{key}"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [key]


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a.webp", "/etc/passwd", "0" * 32 + ".webp", "\0", "0" * 32])
def test_no_other_key_opens_anything(tmp_path, key):
    with pytest.raises(NoSuchFile):
        LocalStorage(tmp_path).open(key)
