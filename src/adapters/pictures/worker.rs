//! What runs in a child process: one picture from standard input, its size and a small one to standard
//! output. It never trusts the picture, and the server never trusts it.

use std::io::{self, Cursor, Read, Write};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use crate::adapters::confine::confine;

/// Address space: the largest picture decoded, turned, and the program itself.
pub(super) const MEMORY_BYTES: u64 = 1 << 30;
/// Pixels of a picture that is decoded: the largest of usual cameras. A file of a few KiB may claim
/// billions.
pub(super) const PIXELS_MAX: u64 = 50_000_000;
/// What decoding may take for itself, the picture with it.
const DECODING_BYTES_MAX: u64 = 512 << 20;
/// Bytes of a file that is looked at; cameras make smaller ones.
const FILE_BYTES_MAX: u64 = 48 << 20;
/// Processor time: the largest picture takes two seconds.
const CPU_SECONDS: u64 = 10;
/// Longest side of a small picture: twice what the page shows, for fine screens.
const SIDE_MAX: u32 = 720;
/// Enough that nobody sees the difference in a list of messages.
const JPEG_QUALITY: u8 = 80;

/// Kinds of small pictures, as children say them.
pub(super) const JPEG: u8 = 1;
const PNG: u8 = 2;

/// The type of a kind.
pub(super) fn kind_of(kind: u8) -> io::Result<&'static str> {
    match kind {
        JPEG => Ok("image/jpeg"),
        PNG => Ok("image/png"),
        _ => Err(io::Error::other("the child said what cannot be")),
    }
}

/// Looks at one picture.
pub fn serve() -> io::Result<()> {
    // It writes no file at all.
    confine(CPU_SECONDS, MEMORY_BYTES, 0)?;
    let mut bytes = Vec::new();
    io::stdin().lock().take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(io::Error::other("too large to be looked at"));
    }
    let picture = decoded(&bytes)?;
    let (kind, small) = encoded(&small(&picture))?;
    tell(&mut io::stdout().lock(), (picture.width(), picture.height()), kind, &small)
}

/// Writes what the server reads.
pub(super) fn tell(
    to: &mut impl Write,
    (width, height): (u32, u32),
    kind: u8,
    small: &[u8],
) -> io::Result<()> {
    to.write_all(&width.to_be_bytes())?;
    to.write_all(&height.to_be_bytes())?;
    to.write_all(&[kind])?;
    to.write_all(small)?;
    to.flush()
}

/// The picture, its first one if it moves, turned as its camera says.
fn decoded(bytes: &[u8]) -> io::Result<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODING_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(io::Error::other)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width).saturating_mul(height.into());
    if pixels == 0 || pixels > PIXELS_MAX {
        return Err(io::Error::other("more pixels than are decoded"));
    }
    let orientation = decoder.orientation().map_err(io::Error::other)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(io::Error::other)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn small(picture: &DynamicImage) -> DynamicImage {
    if picture.width() <= SIDE_MAX && picture.height() <= SIDE_MAX {
        return picture.clone();
    }
    picture.thumbnail(SIDE_MAX, SIDE_MAX)
}

/// JPEG, or PNG where something shines through.
fn encoded(picture: &DynamicImage) -> io::Result<(u8, Vec<u8>)> {
    let mut bytes = Vec::new();
    let shines = picture.has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
    if shines {
        let picture = DynamicImage::ImageRgba8(picture.to_rgba8());
        picture.write_with_encoder(PngEncoder::new(&mut bytes)).map_err(io::Error::other)?;
        return Ok((PNG, bytes));
    }
    let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
    let picture = DynamicImage::ImageRgb8(picture.to_rgb8());
    picture.write_with_encoder(encoder).map_err(io::Error::other)?;
    Ok((JPEG, bytes))
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn every_kind_of_picture_becomes_a_small_one_of_its_shape() {
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(1440, 300, Rgb([9, 90, 200])));
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
            let read = decoded(&file(&picture, format)).unwrap();
            assert_eq!((read.width(), read.height()), (1440, 300), "{format:?}");
            let small = small(&read);
            assert_eq!((small.width(), small.height()), (720, 150), "{format:?}");
            let (kind, bytes) = encoded(&small).unwrap();
            assert_eq!(kind, JPEG, "{format:?}");
            assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
        }
    }

    #[test]
    fn what_shines_through_stays_so_and_what_is_small_stays_as_it_is() {
        let clear = RgbaImage::from_pixel(30, 20, Rgba([0, 0, 0, 0]));
        let picture = decoded(&file(&DynamicImage::ImageRgba8(clear), ImageFormat::Png)).unwrap();
        let small = small(&picture);
        assert_eq!((small.width(), small.height()), (30, 20));
        let (kind, bytes) = encoded(&small).unwrap();
        assert_eq!(kind, PNG);
        assert_eq!(decoded(&bytes).unwrap().to_rgba8().get_pixel(3, 3).0[3], 0);
    }

    #[test]
    fn what_is_no_picture_or_half_of_one_is_refused() {
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(64, 64, Rgb([1, 2, 3])));
        let whole = file(&picture, ImageFormat::Png);
        for bytes in [&b"<svg/>"[..], b"", &whole[..whole.len() / 2]] {
            assert!(decoded(bytes).is_err());
        }
    }

    #[test]
    fn a_picture_that_claims_more_pixels_than_are_decoded_is_refused_by_its_head() {
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(2, 2, Rgb([1, 2, 3])));
        let mut bomb = file(&picture, ImageFormat::Gif);
        // The screen's width and height stand at the places 6 to 9.
        bomb[6..10].copy_from_slice(&[0x20, 0x4e, 0x20, 0x4e]);
        assert!(decoded(&bomb).is_err());
    }
}
