"""Inputs made at test time: small good ones, and every bad one a batch must survive.

:func:`write_bad_inputs` fills a folder with one file for each way an input can be bad;
:data:`BAD_INPUTS` says which error class each must give.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.errors import (
    DepeshaError,
    ExitCode,
    InputEncryptedError,
    InputMissingError,
    InputTooLargeError,
    InputUnreadableError,
    NoInputError,
)
from pipeline.pixels import Pixels

PDF_PASSWORD = b"secret"
_PDF_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


@dataclass(frozen=True, slots=True, kw_only=True)
class BadInput:
    """One bad input: how to write it, and what it must give.

    ``words`` must stand in the message. ``named`` files are found only where they are
    named on the command line, not where their folder is.
    """

    write: Callable[[Path], None]
    error: type[DepeshaError]
    words: tuple[str, ...] = ()
    named: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the command where this is the only input."""
        return self.error.exit_code


def sheet(width: int = 240, height: int = 320, seed: int = 0) -> Pixels:
    """A grey "page": paper with dark bars of uneven length where lines would be; no symmetry."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(215, 245, (height, width), dtype=np.uint8)
    for top in range(20, height * 3 // 4, 20):
        right = int(rng.integers(width // 3, width - 20))
        pixels[top : top + 8, 12:right] = rng.integers(10, 50, (8, right - 12), dtype=np.uint8)
    return pixels


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """``image`` as the bytes of a file of ``kind`` (Pillow's name of the format)."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def tiff_pages(count: int, **options: object) -> bytes:
    """A TIFF of ``count`` different pages of 240 x 320 pixels."""
    first, *rest = (Image.fromarray(sheet(seed=number)) for number in range(count))
    return encoded(first, "TIFF", save_all=True, append_images=rest, **options)


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A true PNG of ``width`` x ``height`` white 1-bit pixels, some 100 kB, made quickly."""
    row = b"\0" + b"\xff" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(name, body) for name, body in chunks)


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def pdf_file(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of numbered ``objects``; the first is the catalogue. ``trailer``: more entries."""
    out = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def pdf_stream(entries: bytes, data: bytes) -> bytes:
    """The body of a stream object."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def pdf_page(
    content: bytes,
    images: Mapping[str, bytes] | None = None,
    *,
    box: tuple[float, float] = (60, 80),
    page: bytes = b"",
    more: Sequence[bytes] = (),
    trailer: bytes = b"",
) -> bytes:
    """A PDF of one page: its ``content`` stream, its ``images`` (name: stream object).

    ``more`` are further objects, numbered from 6 + len(images); ``page`` more entries of
    the page; ``trailer`` of the trailer. Object 4 is the font Helvetica, called ``/F``.
    """
    images = images or {}
    names = b" ".join(b"/%s %d 0 R" % (name.encode(), 6 + i) for i, name in enumerate(images))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Contents 5 0 R %s"
        b" /Resources << /Font << /F 4 0 R >> /XObject << %s >> >> >>" % (*box, page, names),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        pdf_stream(b"", content),
        *images.values(),
        *more,
    ]
    return pdf_file(objects, trailer)


def pdf_image(pixels: Pixels, entries: bytes = b"", *, bits: int = 8) -> bytes:
    """An image object, deflated: grey ``(H, W)`` or RGB ``(H, W, 3)``, or 1-bit grey."""
    height, width = pixels.shape[:2]
    colours = b"/DeviceGray" if pixels.ndim == 2 else b"/DeviceRGB"
    data = pixels.tobytes() if bits == 8 else np.packbits(pixels > 127, axis=1).tobytes()
    return pdf_stream(
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s"
        b" /BitsPerComponent %d /Filter /FlateDecode %s" % (width, height, colours, bits, entries),
        zlib.compress(data),
    )


def scanned_pdf(pixels: Pixels, *, page: bytes = b"") -> bytes:
    """A PDF whose one page is the scan ``pixels``."""
    return pdf_page(b"60 0 0 80 0 0 cm /I Do", {"I": pdf_image(pixels)}, page=page)


def encrypted_pdf(password: bytes = PDF_PASSWORD) -> bytes:
    """A PDF of one blank page that opens with ``password`` alone.

    Standard security handler, revision 2, RC4 with 40 bits (ISO 32000-1, 7.6.3).
    """
    name, owner, permissions = b"0123456789abcdef", bytes(range(65, 97)), -4
    padded = (password + _PDF_PADDING)[:32]
    seed = padded + owner + struct.pack("<i", permissions) + name
    key = hashlib.md5(seed, usedforsecurity=False).digest()[:5]
    entry = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>" % (
        owner.hex().encode(),
        _rc4(key, _PDF_PADDING).hex().encode(),
        permissions,
    )
    trailer = b"/Encrypt 6 0 R /ID [<%s> <%s>]" % ((name.hex().encode(),) * 2)
    return pdf_page(b"", more=[entry], trailer=trailer)


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def cut(data: bytes, share: float = 0.6) -> bytes:
    """The first ``share`` of ``data``."""
    return data[: int(len(data) * share)]


def _bytes(make: Callable[[], bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(make())

    return write


def _image(kind: str, **options: object) -> Callable[[], bytes]:
    return lambda: cut(encoded(Image.fromarray(sheet()), kind, **options))


def _nothing(path: Path) -> None:
    """Writes nothing: the path is missing."""


def _folder(path: Path) -> None:
    path.mkdir()


def _dead_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


_UNREADABLE = InputUnreadableError
_BINARY = bytes(range(256)) * 4

BAD_INPUTS: Mapping[str, BadInput] = {
    "missing.png": BadInput(write=_nothing, error=InputMissingError, named=True),
    "dead-link.tif": BadInput(write=_dead_link, error=InputMissingError, named=True),
    "empty.png": BadInput(write=_bytes(lambda: b""), error=_UNREADABLE, words=("empty",)),
    "empty.txt": BadInput(write=_bytes(lambda: b""), error=_UNREADABLE, words=("empty",)),
    "empty.pdf": BadInput(write=_bytes(lambda: b""), error=_UNREADABLE, words=("empty",)),
    "cut.jpg": BadInput(write=_bytes(_image("JPEG")), error=_UNREADABLE, words=("truncated",)),
    "cut.png": BadInput(write=_bytes(_image("PNG")), error=_UNREADABLE, words=("truncated",)),
    "cut.tif": BadInput(write=_bytes(_image("TIFF")), error=_UNREADABLE, words=("truncated",)),
    "cut.bmp": BadInput(write=_bytes(_image("BMP")), error=_UNREADABLE, words=("truncated",)),
    "cut.webp": BadInput(write=_bytes(_image("WEBP")), error=_UNREADABLE, words=("truncated",)),
    "cut.jp2": BadInput(write=_bytes(_image("JPEG2000")), error=_UNREADABLE, words=("truncated",)),
    "text.png": BadInput(
        write=_bytes("Это не картинка, а текст.\n".encode),
        error=_UNREADABLE,
        words=("not an image",),
    ),
    "folder.png": BadInput(write=_folder, error=NoInputError, words=("no scans",), named=True),
    "huge.png": BadInput(
        write=_bytes(huge_png),
        error=InputTooLargeError,
        words=("30,000 x 30,000", "input.max_pixels"),
    ),
    "password.pdf": BadInput(
        write=_bytes(encrypted_pdf), error=InputEncryptedError, words=("password",)
    ),
    "no-pages.pdf": BadInput(
        write=_bytes(
            lambda: pdf_file(
                [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
            )
        ),
        error=_UNREADABLE,
        words=("no pages",),
    ),
    "cut.pdf": BadInput(
        write=_bytes(lambda: cut(scanned_pdf(sheet()))), error=_UNREADABLE, words=("truncated",)
    ),
    "damaged.pdf": BadInput(
        write=_bytes(lambda: b"%PDF-1.4\n" + b"garbage " * 100 + b"\n%%EOF\n"),
        error=_UNREADABLE,
        words=("damaged",),
    ),
    "binary.txt": BadInput(write=_bytes(lambda: _BINARY), error=_UNREADABLE, words=("binary",)),
    "picture.txt": BadInput(
        write=_bytes(lambda: encoded(Image.fromarray(sheet()), "PNG")),
        error=_UNREADABLE,
        words=("PNG",),
    ),
    "unknown.dat": BadInput(
        write=_bytes(lambda: _BINARY), error=_UNREADABLE, words=("neither",), named=True
    ),
}


def write_bad_inputs(folder: Path, *, named: bool = True) -> dict[Path, BadInput]:
    """Write every bad input into ``folder``; the paths written, with what each must give.

    Without ``named``, only those that are found where just the folder is given.
    """
    written = {}
    for name, bad in BAD_INPUTS.items():
        if named or not bad.named:
            bad.write(folder / name)
            written[folder / name] = bad
    return written
