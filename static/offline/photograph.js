// Photographs on this device: drawn anew without what a camera adds to them, and as small pictures for the list.
"use strict";
(() => {
  const app = window.carequality;
  const { el } = app.elements;
  const LONGEST_SIDE = 2000; // pixels
  const QUALITY = 0.85;

  const canvasOf = (width, height, attributes = {}) =>
    el("canvas", { width: String(Math.round(width)), height: String(Math.round(height)), ...attributes });

  // Drawn anew, so that the place, the camera and the thumbnail stay behind: they must not even be sent. The server
  // does it once more, since it cannot know what a device has done. null where this browser cannot draw it.
  async function stripped(bytes) {
    let picture;
    try {
      picture = await createImageBitmap(new Blob([bytes]), { imageOrientation: "from-image" });
    } catch {
      return null;
    }
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = canvasOf(picture.width * scale, picture.height * scale);
    const paper = canvas.getContext("2d");
    // What is to be seen through shows the page's white; a JPEG would make it black.
    paper.fillStyle = "white";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob.arrayBuffer();
  }

  // "" for a document.
  async function thumbnail(bytes) {
    const canvas = canvasOf(96, 72, { class: "cq-files__picture", "aria-hidden": "true" });
    try {
      const picture = await createImageBitmap(new Blob([bytes]));
      const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height);
      canvas.getContext("2d").drawImage(picture, 0, 0, picture.width * scale, picture.height * scale);
      return canvas;
    } catch {
      return "";
    }
  }

  app.photograph = { stripped, thumbnail };
})();
