// DrawContext: all that a lesson's drawing can see and do. The model is const; what people do goes into `actions`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "web/app/theme.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

/// Grey-level pictures as GPU textures, so that a mosaic of maps is one draw call. The null implementation serves tests.
class TextureCache {
 public:
  virtual ~TextureCache() = default;
  /// The texture named `key`, uploaded again only when `version` differs from the last one. RGBA, row-major, nearest
  /// neighbour when enlarged.
  virtual ImTextureID update(const std::string& key, std::uint64_t version, int width, int height,
                             const std::vector<std::uint32_t>& rgba) = 0;
};

/// Purposes of file_request that are not files: the camera's pictures come one by one as "camera". And that of a picture.
inline constexpr const char *kCameraOn = "camera-on", *kCameraOff = "camera-off", *kCameraFrame = "camera", *kPictureFile = "picture";

/// Another lesson that is to be opened, with files for it.
struct LessonRequest {
  std::string slug;
  ReceivedFiles files;
};

struct DrawContext {
  const Theme& theme;
  TextureCache& textures;
  ImVec2 size;            // of the lesson's canvas, logical pixels
  bool narrow = false;    // phone layout: one column
  bool playing = false;
  std::vector<Action>& actions;                 // what people did in this frame
  std::optional<ElementRef>& explain_request;   // a number that was clicked: opens its derivation
  std::optional<std::int64_t>& seek_request;    // a step to go to
  const Explanation* open_explanation = nullptr;  // to light its operands in the drawing
  std::optional<std::string>& file_request;       // set to a purpose ("digits"): the app opens the file picker for it
  /// The name of the asset that is being fetched now, else empty; and how far it is, from 0 to 1.
  std::string asset_loading;
  float asset_progress = 0.0f;
  std::optional<Blob>* save_request = nullptr;  // set to a file: the app gives it to the person
  std::optional<LessonRequest>* lesson_request = nullptr;
};

}  // namespace chainrule
