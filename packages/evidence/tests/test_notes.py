"""Notes and checkpoints are those of C2SP; whatever is not exactly one, or unsigned, is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from evidence.notes import (
    BadNote,
    Checkpoint,
    Signer,
    Verifier,
    new_private_key,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    read_private_key,
    read_vkeys,
    write_checkpoint,
    write_note,
)

# The note of the documentation of Go's golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAYING = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNED = (
    SAYING + "\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ORIGIN = "throughline/casework/00000000-0000-0000-0000-000000000001"
OURS = Signer(ORIGIN, Ed25519PrivateKey.generate())
WITNESS = Signer("witness.example", Ed25519PrivateKey.generate())
CHECKPOINT = Checkpoint(ORIGIN, 20_852_163, bytes(range(32)))
NOTE = write_checkpoint(CHECKPOINT, OURS)


def test_a_note_of_another_implementation_opens() -> None:
    peter = Verifier.parse(PETER)
    assert open_note(SIGNED, [peter]).text == SAYING
    assert str(peter) == PETER


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    assert open_checkpoint(NOTE, ORIGIN, [OURS.verifier]) == CHECKPOINT
    assert NOTE.startswith(
        f"{ORIGIN}\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— "
    )


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    both = NOTE + WITNESS.sign(CHECKPOINT.text)
    assert open_note(both, [OURS.verifier]).signed_by == (OURS.verifier,)
    assert open_note(both, [OURS.verifier, WITNESS.verifier]).signed_by == (
        OURS.verifier,
        WITNESS.verifier,
    )


def test_a_note_that_no_known_key_signed_is_refused() -> None:
    with pytest.raises(BadNote, match="no known key"):
        open_note(NOTE, [WITNESS.verifier])
    with pytest.raises(BadNote, match="no known key"):
        open_note(NOTE, [])


def test_another_key_of_the_same_name_does_not_pass() -> None:
    impostor = Signer(ORIGIN, Ed25519PrivateKey.generate())
    with pytest.raises(BadNote):
        open_checkpoint(write_checkpoint(CHECKPOINT, impostor), ORIGIN, [OURS.verifier])
    # Even one that lies about its key's hash.
    lie = NOTE.rpartition("— ")[0] + impostor.sign(CHECKPOINT.text)
    forged = bytearray(lie.encode())
    with pytest.raises(BadNote):
        open_checkpoint(forged.decode(), ORIGIN, [OURS.verifier])


def test_no_byte_of_a_signed_checkpoint_can_change() -> None:
    for place in range(len(NOTE.encode())):
        changed = bytearray(NOTE.encode())
        changed[place] ^= 1
        with pytest.raises((BadNote, UnicodeDecodeError)):
            open_checkpoint(changed.decode(), ORIGIN, [OURS.verifier])


def test_a_checkpoint_of_one_log_does_not_pass_for_anothers() -> None:
    other = ORIGIN.replace("casework", "groups")
    key = Ed25519PrivateKey.generate()
    note = write_checkpoint(Checkpoint(other, 1, bytes(32)), Signer(other, key))
    verifiers = [Signer(other, key).verifier, Signer(ORIGIN, key).verifier]
    with pytest.raises(BadNote):
        open_checkpoint(note, ORIGIN, verifiers)
    with pytest.raises(BadNote, match="no key of"):
        open_checkpoint(note, other, [OURS.verifier])


def test_two_signatures_of_one_key_refuse_the_note() -> None:
    with pytest.raises(BadNote, match="two signatures"):
        open_note(NOTE + OURS.sign(CHECKPOINT.text), [OURS.verifier])


def test_a_wrong_signature_of_a_known_key_refuses_the_note() -> None:
    with pytest.raises(BadNote, match="is wrong"):
        open_note(NOTE + WITNESS.sign("other\n"), [OURS.verifier, WITNESS.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        NOTE[:-1],
        NOTE.replace("— ", "- "),
        NOTE.replace("\n\n", "\n"),
        NOTE + "\n",
        NOTE + "— name\n",
        NOTE + "— na+me AAAAAAAA\n",
        NOTE + "— name AAAA\n",
        NOTE + "— name ====\n",
        NOTE + "— name AAAAAAB=\n",
        NOTE.replace("\n\n", "\r\n\r\n"),
        NOTE + "".join(f"— w{n} AAAAAAAA\n" for n in range(64)),
        "x" * 100_001 + NOTE,
    ],
)
def test_what_is_not_a_note_is_refused(note: str) -> None:
    with pytest.raises(BadNote):
        open_note(note, [OURS.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "origin\n1\n",
        "origin\n1\nAAAA\n",
        f"\n{CHECKPOINT.text.partition(chr(10))[2]}",
        CHECKPOINT.text.replace("20852163", "020852163"),
        CHECKPOINT.text.replace("20852163", "-1"),
        CHECKPOINT.text.replace("20852163", "1.0"),
        CHECKPOINT.text.replace("20852163", "٣"),
        CHECKPOINT.text.replace("20852163", "9" * 5000),
        CHECKPOINT.text.replace("20852163", str(2**63)),
        CHECKPOINT.text.replace("Hh8=", "Hh9="),
        CHECKPOINT.text + "extension\n",
        CHECKPOINT.text[:-1],
        CHECKPOINT.text.replace(ORIGIN, "with space"),
        CHECKPOINT.text.replace(ORIGIN, "with+plus"),
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        parse_checkpoint(text)


def test_a_log_signs_with_its_own_name_only() -> None:
    with pytest.raises(BadNote, match="own name"):
        write_checkpoint(CHECKPOINT, WITNESS)


def test_a_note_without_a_signer_or_a_last_newline_is_not_written() -> None:
    for text, signers in (("text", [OURS]), ("text\n", [])):
        with pytest.raises(BadNote):
            write_note(text, signers)


def test_a_keys_file_has_a_key_a_line_and_remarks() -> None:
    text = f"# ours\n\n{OURS.verifier}\n  {WITNESS.verifier}\n"
    assert read_vkeys(text) == (OURS.verifier, WITNESS.verifier)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+00000000",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("PeterNeumann", "PeterNewmann"),
        PETER.replace("+ARpc", "+AhpC"),
        PETER[:-1],
        PETER.replace("PeterNeumann", "Peter Neumann"),
        f"{PETER}\n{PETER}",
    ],
)
def test_a_malformed_or_doubled_key_is_refused(vkey: str) -> None:
    with pytest.raises(BadNote):
        read_vkeys(vkey or "+00000000+AQ==")


def test_only_an_ed25519_private_key_is_read() -> None:
    read_private_key(new_private_key())
    other = X25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    for pem in (b"", b"not a key", other):
        with pytest.raises(BadNote):
            read_private_key(pem)


def test_a_signer_shows_its_name_only() -> None:
    assert repr(OURS) == f"Signer({ORIGIN!r})"
