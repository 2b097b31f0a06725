"""Photographs and scans are kept as a person sees them, and without what a camera adds."""

import io
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile, ImageStat

from core.workflow import NotAllowed
from documents import pictures
from documents.pictures import draw, seen
from tests.documents import made
from tests.refusals import not_allowed

# What Pillow says of odd tags is no fault of the file.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

ODD = [f"photo-odd-exif-{tag}.jpg" for tag in ("ResolutionUnit", "Software", "XResolution")]
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def drawn(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(draw(data)))
    image.load()
    return image


def near(pixel: Any, wanted: tuple[int, int, int], within: int = 12) -> bool:
    return all(abs(one - other) <= within for one, other in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize("name", ODD)
def test_photograph_with_an_odd_tag_is_kept_upright(name: str):
    image = drawn(made.case(name))
    assert image.size == (40, 60)
    assert not image.getexif()


def test_grey_scan_of_16_bits_keeps_its_greys():
    image = drawn(made.case("scan-16bit-grey.png")).convert("L")
    darkest, lightest = image.getextrema()
    assert darkest < 5
    assert lightest > 250
    assert 120 < ImageStat.Stat(image).mean[0] < 133


@given(st.lists(st.integers(0, 65535), min_size=1, max_size=60))
def test_grey_of_16_bits_is_as_bright_as_it_was(values: list[int]):
    data = made.grey_of_16_bits(values)
    mean = sum(values) / len(values) / 257
    assert abs(seen(data).brightness - mean) < 1
    assert abs(seen(draw(data)).brightness - mean) < 6


def test_grey_value_that_is_to_be_seen_through_is_white():
    image = drawn(made.grey_of_16_bits([500] * 16 + [40000] * 16, key=500))
    assert near(image.getpixel((2, 0)), WHITE)
    assert near(image.getpixel((28, 0)), (156, 156, 156))


def see_through(mode: str) -> bytes:
    """Black writing on nothing: the left half is written on."""
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 20, 20))
    if mode == "P":
        image = image.quantize(4)
    elif mode == "RGB":
        opaque = Image.new("RGB", (40, 20), (255, 0, 255))
        opaque.paste(BLACK, (0, 0, 20, 20))
        return made.picture(opaque, transparency=(255, 0, 255))
    elif mode == "L":
        grey = Image.new("L", (40, 20), 200)
        grey.paste(0, (0, 0, 20, 20))
        return made.picture(grey, transparency=200)
    return made.picture(image.convert(mode) if mode != "P" else image)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB", "L"])
def test_what_is_to_be_seen_through_is_drawn_on_white(mode: str):
    image = drawn(see_through(mode))
    assert near(image.getpixel((4, 10)), BLACK)
    assert near(image.getpixel((36, 10)), WHITE)


def test_webp_and_heic_that_are_to_be_seen_through_are_drawn_on_white():
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 20, 20))
    webp = made.picture(image, "WEBP", lossless=True)
    for data in (webp, made.case("transparent.heic")):
        shown = drawn(data)
        assert near(shown.getpixel((4, 10)), BLACK)
        assert near(shown.getpixel((36, 10)), WHITE)


def test_heic_of_a_telephone_is_turned_once():
    image = drawn(made.case("turned.heic"))
    assert image.size == (80, 120)
    assert near(image.getpixel((75, 5)), (180, 20, 20), 30)  # it lay at the left of the top
    for secret in (b"Camera of Person Q", b"Exif"):
        assert secret not in draw(made.case("turned.heic"))


# Where the red corner of a picture (left, top) is seen, by the orientation that its camera wrote.
CORNERS = {
    1: (2, 2),
    2: (37, 2),
    3: (37, 17),
    4: (2, 17),
    5: (2, 2),
    6: (17, 2),
    7: (17, 37),
    8: (2, 37),
}


def turned_picture(orientation: int, kind: str, byte_order: str = "<") -> bytes:
    image = Image.new("RGB", (40, 20), "white")
    image.paste((255, 0, 0), (0, 0, 8, 8))
    mark = b"II*\0" if byte_order == "<" else b"MM\0*"
    entry = struct.pack(f"{byte_order}HHHI", 1, 0x0112, 3, 1)
    entry += struct.pack(f"{byte_order}HH", orientation, 0)
    exif = mark + struct.pack(f"{byte_order}I", 8) + entry + b"\0\0\0\0"
    return made.picture(image, kind, exif=b"Exif\0\0" + exif if kind == "JPEG" else exif)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", CORNERS)
def test_picture_is_drawn_with_the_side_up_that_its_camera_said(orientation: int, kind: str):
    for byte_order in "<>":
        data = turned_picture(orientation, kind, byte_order)
        image = drawn(data)
        assert image.size == ((40, 20) if orientation < 5 else (20, 40))
        assert near(image.getpixel(CORNERS[orientation]), (255, 0, 0), 60)
        assert not seen(data).differs_from(seen(draw(data)))


@given(
    st.integers(0, 65535),
    st.integers(0, 13),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=4, max_size=4),
    st.binary(max_size=12),
)
@example(0x0128, 2, 2, b"\0\0\0\0", b"")
@example(0x0112, 2, 9, b"\xff\xff\xff\xff", b"")
@example(0x0112, 3, 0, b"\0\0\0\0", b"")
def test_tag_of_any_kind_never_keeps_a_photograph_out(
    tag: int, kind: int, count: int, value: bytes, after: bytes
):
    entries = struct.pack("<HHHI", 1, tag, kind, count) + value
    exif = b"Exif\0\0II*\0\x08\0\0\0" + entries + after
    data = made.picture(Image.new("RGB", (16, 8), "teal"), "JPEG", exif=exif)
    assert sorted(drawn(data).size) == [8, 16]
    assert seen(data).brightness > 0


@given(st.data())
def test_damaged_picture_is_drawn_or_refused_in_words(data: st.DataObject):
    whole = data.draw(
        st.sampled_from(
            [
                made.photograph(),
                made.case("scan-16bit-grey.png"),
                made.case("turned.heic"),
                see_through("P"),
                made.picture(Image.new("RGB", (9, 9), "teal"), "WEBP"),
            ]
        )
    )
    broken = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=6)):
        broken[place] = data.draw(st.integers(0, 255))
    length = data.draw(st.integers(1, len(whole)))
    try:
        copy = draw(bytes(broken[:length]))
    except NotAllowed as refused:
        codes = {"photograph-damaged", "photograph-too-large", "picture-moves"}
        assert refused.code in codes  # noqa: PT017 - whichever of the two comes of it is right
    else:
        assert seen(copy).width > 0


@pytest.mark.parametrize("chunks", [b"", b"\0\0\0\0IDAT\x35\xaf\x06\x1e"])
def test_picture_without_its_pixels_is_damaged_and_not_black(
    chunks: bytes, monkeypatch: pytest.MonkeyPatch
):
    # As WeasyPrint leaves it in a process that has printed.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = made.png(50, 50, 8, 2, b"\0" * 50 * 151)
    head, tail = whole[: 8 + 25], whole[-12:]
    with not_allowed("photograph-damaged", "file"):
        draw(head + chunks + tail)


def test_picture_that_moves_is_refused_since_one_of_its_images_would_be_kept():
    images = [Image.new("RGB", (9, 9), colour) for colour in ("teal", "red")]
    for kind in ("PNG", "WEBP"):
        moving = made.picture(images[0], kind, save_all=True, append_images=images[1:])
        with not_allowed("picture-moves", "file"):
            draw(moving)


def test_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    rows = b"\0" * 1000
    with not_allowed("photograph-too-large", "file"):
        draw(made.png(20_000, 20_000, 8, 2, rows))
    with not_allowed("photograph-too-large", "file"):
        draw(made.png(8_000, 7_000, 8, 2, rows))


@pytest.mark.parametrize("size", [(6000, 40), (40, 6000), (1, 1), (3000, 2999)])
def test_long_side_is_at_most_2000_points_and_the_shape_stays(size: tuple[int, int]):
    data = made.photograph(size)
    copy = drawn(data)
    assert max(copy.size) == min(max(size), pictures.LONGEST_SIDE)
    assert not seen(data).differs_from(seen(draw(data)))


def test_colours_of_another_screen_are_brought_to_those_of_ours():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    odd = made.picture(Image.new("RGB", (9, 9), "teal"), icc_profile=profile)
    assert near(drawn(odd).getpixel((4, 4)), (0, 128, 128))  # it does not fit: not heeded
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = made.picture(Image.new("RGB", (9, 9), "teal"), icc_profile=srgb)
    assert near(drawn(plain).getpixel((4, 4)), (0, 128, 128))


def test_pictures_of_printers_and_of_one_bit_are_drawn():
    cmyk = made.picture(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "JPEG")
    assert near(drawn(cmyk).getpixel((4, 4)), (255, 0, 0), 40)
    bit = made.picture(Image.new("1", (20, 20), 1))
    assert near(drawn(bit).getpixel((4, 4)), WHITE)


WAYS_TO_GO_WRONG: dict[str, Callable[[Image.Image], Image.Image]] = {
    "white": lambda image: Image.new("RGB", image.size, WHITE),
    "black": lambda image: Image.new("RGB", image.size, BLACK),
    "on its side": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "cut": lambda image: image.crop((0, 0, image.width // 2, image.height)),
}


@pytest.mark.parametrize("way", WAYS_TO_GO_WRONG)
def test_copy_that_went_wrong_is_noticed(way: str):
    original = made.case("scan-16bit-grey.png") if way != "on its side" else made.photograph()
    copy = Image.open(io.BytesIO(draw(original)))
    wrong = made.picture(WAYS_TO_GO_WRONG[way](copy), "JPEG")
    assert seen(original).differs_from(seen(wrong)).endswith(".")
    assert not seen(original).differs_from(seen(draw(original)))
