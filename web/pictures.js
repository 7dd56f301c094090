// Pictures of people on their way into the program: files decoded by the browser, and the camera. What arrives is a PPM
// of at most kSide pixels a side, and its comment says what was done to the picture.

export const kSide = 256;
const kLongest = 16384; // pixels a side that browsers decode reliably
const kMostPixels = 64e6;
const kCameraWidth = 160;
const kBetweenFrames = 60; // milliseconds

export const isPicture = (file) => file.type.startsWith('image/');

/** A picture file as { name, bytes }. The browser turns it by its EXIF orientation. Throws a sentence. */
export async function decodePicture(file) {
  const head = new Uint8Array(await file.slice(0, 1 << 18).arrayBuffer());
  const size = sizeOf(head);
  if (size && (Math.max(size.width, size.height) > kLongest || size.width * size.height > kMostPixels)) {
    throw new Error(`${file.name} has ${size.width} × ${size.height} pixels; at most ${kLongest} a side and 64 million together are read. ` +
      'Make it smaller first.');
  }
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new Error(`${file.name} could not be read as a picture: it is damaged, or of a kind that this browser does not know.`);
  }
  const { width, height } = bitmap;
  const scale = Math.min(1, kSide / Math.max(width, height));
  const to = [Math.max(3, Math.round(width * scale)), Math.max(3, Math.round(height * scale))];
  const { pixels, transparent } = draw(bitmap, ...to);
  bitmap.close();
  const notes = [];
  if (to[0] !== width || to[1] !== height) notes.push(`Scaled from ${width} × ${height} to ${to[0]} × ${to[1]} pixels.`);
  if (transparent) notes.push('Transparent parts are white.');
  if (isAnimated(head)) notes.push('Of the animation this is the first picture.');
  return { name: file.name, bytes: ppm(pixels, ...to, notes.join(' ')) };
}

function draw(source, width, height, mirrored = false) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  if (mirrored) context.setTransform(-1, 0, 0, 1, width, 0);
  context.drawImage(source, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(width * height * 3);
  let transparent = false;
  for (let i = 0, at = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] / 255;
    if (alpha < 1) transparent = true;
    for (let c = 0; c < 3; ++c) pixels[at++] = Math.round(data[i + c] * alpha + 255 * (1 - alpha));
  }
  return { pixels, transparent };
}

function ppm(pixels, width, height, note) {
  const head = new TextEncoder().encode(`P6\n${note ? `# ${note}\n` : ''}${width} ${height}\n255\n`);
  const bytes = new Uint8Array(head.length + pixels.length);
  bytes.set(head);
  bytes.set(pixels, head.length);
  return bytes;
}

const kSvgScale = 2; // pixels of the file for each of the drawing

/** An SVG's bytes as a PNG's, as sharp as for a screen of two pixels a pixel. */
export async function paintSvg(bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * kSvgScale;
    canvas.height = image.naturalHeight * kSvgScale;
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
    return new Uint8Array(await png.arrayBuffer());
  } finally {
    URL.revokeObjectURL(address);
  }
}

const latin = (bytes, from, to) => String.fromCharCode(...bytes.subarray(from, to));
const includes = (bytes, word) => new TextDecoder('latin1').decode(bytes).includes(word);

/** Width and height as the file says, before anything is decoded; null where they are not found. */
export function sizeOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 32) return null;
  if (latin(bytes, 1, 4) === 'PNG') return { width: view.getUint32(16), height: view.getUint32(20) };
  if (latin(bytes, 0, 3) === 'GIF') return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (latin(bytes, 8, 16) === 'WEBPVP8X') {
    const size = (at) => 1 + (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16));
    return { width: size(24), height: size(27) };
  }
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) { // JPEG: segments up to a start of frame
    const marker = bytes[at + 1];
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function isAnimated(bytes) {
  if (latin(bytes, 1, 4) === 'PNG') return includes(bytes, 'acTL');
  if (latin(bytes, 8, 12) === 'WEBP') return includes(bytes, 'ANIM');
  if (latin(bytes, 0, 3) !== 'GIF') return false;
  const text = new TextDecoder('latin1').decode(bytes);
  return text.split('\x21\xf9\x04').length > 2; // graphic control extensions, one before each picture
}

const kCameraErrors = {
  NotAllowedError: 'The camera was not allowed. The browser keeps that choice beside the address.',
  NotFoundError: 'No camera was found.',
  NotReadableError: 'The camera is in use by another program.',
};

/** The camera, frame by frame, until it is stopped. */
export class Camera {
  constructor() {
    this.stream = null;
  }

  /** Calls frame(bytes) for each picture; failed(sentence) when there is none. */
  async start(frame, failed) {
    if (this.stream) return;
    try {
      if (!navigator.mediaDevices) throw new Error('The camera needs a page that was loaded over https.');
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false });
    } catch (error) {
      this.stream = null;
      failed(kCameraErrors[error.name] ?? `The camera did not start: ${error.message}`);
      return;
    }
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = this.stream;
    await video.play();
    const next = () => {
      if (video.srcObject !== this.stream) return;
      if (document.visibilityState === 'visible' && video.videoWidth > 0) {
        const height = Math.max(3, Math.round(kCameraWidth * video.videoHeight / video.videoWidth));
        const { pixels } = draw(video, kCameraWidth, height, true); // as in a mirror
        frame(ppm(pixels, kCameraWidth, height, ''));
      }
      setTimeout(next, kBetweenFrames);
    };
    this.stream.getVideoTracks()[0].addEventListener('ended', () => {
      this.stop();
      failed('The camera has ended.');
    });
    next();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }
}
