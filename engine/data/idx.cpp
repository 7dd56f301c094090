#include "engine/data/idx.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/text.h"

namespace chainrule {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint32_t kImagesMagic = 0x00000803;
constexpr std::uint32_t kLabelsMagic = 0x00000801;
constexpr std::size_t kImagesHeader = 16;
constexpr std::size_t kLabelsHeader = 8;

/// One of the two files, as the sentences speak of it.
struct Kind {
  std::uint32_t magic;
  std::size_t header;
  std::string_view file;
  std::string_view unit;
  std::string_view example;
};
constexpr Kind kImages{kImagesMagic, kImagesHeader, "images file", "picture", "train-images-idx3-ubyte"};
constexpr Kind kLabels{kLabelsMagic, kLabelsHeader, "labels file", "label", "train-labels-idx1-ubyte"};

std::uint32_t read_u32(Bytes bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 |
         std::uint32_t{bytes[at + 3]};
}

void write_u32(std::vector<std::uint8_t>& out, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

/// Sizes beyond a long long only arise from a hostile header; they are shown as the greatest one.
std::string number(std::uint64_t value) {
  constexpr std::uint64_t kMost = static_cast<std::uint64_t>(std::numeric_limits<long long>::max());
  return grouped_text(static_cast<long long>(std::min(value, kMost)));
}

std::string counted(std::uint64_t count, std::string_view unit) {
  return number(count) + " " + std::string(unit) + (count == 1 ? "" : "s");
}

std::string magic_text(std::uint32_t magic) {
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[magic >> shift & 15u];
  return text;
}

bool starts_with(Bytes bytes, std::initializer_list<std::uint8_t> prefix) {
  return bytes.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

/// What people choose or download by mistake; a file that shows itself as something else.
std::optional<Error> foreign_file(Bytes bytes, const std::string& name, const Kind& kind) {
  const std::string expected =
      "not an IDX " + std::string(kind.file) + "; choose a file like " + std::string(kind.example) + " or its .gz.";
  if (bytes.empty()) return Error{name + " is empty (0 bytes), " + expected};
  if (starts_with(bytes, {0x1f, 0x8b}))
    return Error{name +
                 " starts with the bytes 1f 8b: it is gzip-compressed and could not be unpacked; download it "
                 "again, or unpack it first and choose the file without .gz."};
  if (starts_with(bytes, {'P', 'K', 3, 4}))
    return Error{name + " is a ZIP archive; unpack it first, it is " + expected};
  if (starts_with(bytes, {0x89, 'P', 'N', 'G'})) return Error{name + " is a PNG picture, " + expected};
  if (starts_with(bytes, {0xff, 0xd8, 0xff})) return Error{name + " is a JPEG picture, " + expected};
  if (bytes[0] == '<')
    return Error{name + " is a web page (it starts with \"<\"), perhaps a server's error page, " + expected};
  return std::nullopt;
}

/// Everything up to the sizes: what the file is, and that its header is whole.
Status check_header(Bytes bytes, const std::string& name, const Kind& kind) {
  if (std::optional<Error> foreign = foreign_file(bytes, name, kind)) return *std::move(foreign);
  if (bytes.size() >= 4) {
    const std::uint32_t magic = read_u32(bytes, 0);
    const Kind& other = kind.magic == kImagesMagic ? kLabels : kImages;
    if (magic == other.magic)
      return Error{name + " is an IDX " + std::string(other.file) + " (magic number " + magic_text(magic) +
                   "), but the " + std::string(kind.file) + " (" + magic_text(kind.magic) +
                   ") belongs here; swap the two files."};
    if (magic != kind.magic)
      return Error{name + " starts with the magic number " + magic_text(magic) + ", but an IDX " +
                   std::string(kind.file) + " starts with " + magic_text(kind.magic) + "; choose a file like " +
                   std::string(kind.example) + "."};
  }
  if (bytes.size() < kind.header)
    return Error{name + " is " + counted(bytes.size(), "byte") + " long, shorter than the " +
                 std::to_string(kind.header) + "-byte header of an IDX " + std::string(kind.file) +
                 "; download it again."};
  return Done{};
}

Status check_count(std::uint32_t count, const std::string& name, const Kind& kind, const IdxLimits& limits) {
  if (count == 0) return Error{name + " holds 0 " + std::string(kind.unit) + "s; choose a file with at least 1."};
  if (count > static_cast<std::uint32_t>(limits.max_images))
    return Error{name + " announces " + counted(count, kind.unit) + ", more than the limit of " +
                 grouped_text(limits.max_images) + "; choose a smaller file."};
  return Done{};
}

Status check_sides(std::uint32_t height, std::uint32_t width, const std::string& name, const IdxLimits& limits) {
  const std::uint32_t limit = static_cast<std::uint32_t>(limits.max_side);
  if (height >= 1 && height <= limit && width >= 1 && width <= limit) return Done{};
  return Error{name + " announces pictures of " + number(height) + " x " + number(width) +
               " pixels, but each side must be 1 to " + std::to_string(limit) + "; choose smaller pictures, such as " +
               "MNIST's 28 x 28."};
}

/// The file must be exactly header + count * size bytes long. 32-bit factors: size <= (2^32-1)^2 fits, and the limit is
/// compared by division, so that no product is formed that could wrap.
Status check_length(Bytes bytes, std::uint32_t count, std::uint64_t size, const std::string& name, const Kind& kind,
                    const IdxLimits& limits) {
  const std::uint64_t limit = static_cast<std::uint64_t>(limits.max_bytes);
  if (limit < kind.header || count > (limit - kind.header) / size)
    return Error{name + " announces " + counted(count, kind.unit) + " of " + counted(size, "byte") +
                 ", more than the limit of " + number(limit) + " bytes in all; choose a smaller file."};
  const std::uint64_t expected = kind.header + count * size;
  if (bytes.size() < expected)
    return Error{name + " is truncated: its header announces " + counted(count, kind.unit) + ", which makes " +
                 counted(expected, "byte") + ", but it has " + number(bytes.size()) + "; download it again."};
  if (bytes.size() > expected)
    return Error{name + " is too long: its header announces " + counted(count, kind.unit) + ", which makes " +
                 counted(expected, "byte") + ", but it has " + number(bytes.size()) + ", " +
                 number(bytes.size() - expected) + " more; download it again."};
  return Done{};
}

void check_limits(const IdxLimits& limits) {
  CHECK(limits.max_images > 0 && limits.max_side > 0 && limits.max_bytes > 0, "limits must be positive: images ",
        limits.max_images, ", side ", limits.max_side, ", bytes ", limits.max_bytes);
  CHECK(limits.max_classes > 0 && limits.max_classes <= 256, "labels are bytes, max_classes is ", limits.max_classes);
}

void check_sizes(const ImageSet& set) {
  CHECK(set.pixels.size() == static_cast<std::size_t>(set.count) * set.image_size(), set.pixels.size(),
        " pixel bytes for ", set.count, " pictures of ", set.image_size());
  CHECK(set.labels.size() == static_cast<std::size_t>(set.count), set.labels.size(), " labels for ", set.count);
}

}  // namespace

Result<IdxImages> parse_idx_images(Bytes bytes, const std::string& name, const IdxLimits& limits) {
  check_limits(limits);
  if (Status header = check_header(bytes, name, kImages); !header.ok()) return header.error();
  const std::uint32_t count = read_u32(bytes, 4);
  const std::uint32_t height = read_u32(bytes, 8);
  const std::uint32_t width = read_u32(bytes, 12);
  if (Status status = check_count(count, name, kImages, limits); !status.ok()) return status.error();
  if (Status status = check_sides(height, width, name, limits); !status.ok()) return status.error();
  const std::uint64_t size = std::uint64_t{height} * width;
  if (Status status = check_length(bytes, count, size, name, kImages, limits); !status.ok()) return status.error();
  const Bytes pixels = bytes.subspan(kImagesHeader);
  return IdxImages{static_cast<int>(count), static_cast<int>(height), static_cast<int>(width),
                   std::vector<std::uint8_t>(pixels.begin(), pixels.end())};
}

Result<std::vector<std::uint8_t>> parse_idx_labels(Bytes bytes, const std::string& name, const IdxLimits& limits) {
  check_limits(limits);
  if (Status header = check_header(bytes, name, kLabels); !header.ok()) return header.error();
  const std::uint32_t count = read_u32(bytes, 4);
  if (Status status = check_count(count, name, kLabels, limits); !status.ok()) return status.error();
  if (Status status = check_length(bytes, count, 1, name, kLabels, limits); !status.ok()) return status.error();
  const Bytes labels = bytes.subspan(kLabelsHeader);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < limits.max_classes) continue;
    return Error{name + " has the label " + std::to_string(labels[i]) + " at place " + number(i) +
                 " (counted from 0), but labels go from 0 to " + std::to_string(limits.max_classes - 1) + " (at most " +
                 std::to_string(limits.max_classes) + " classes); choose a file with fewer classes."};
  }
  return std::vector<std::uint8_t>(labels.begin(), labels.end());
}

Result<ImageSet> parse_idx_pair(Bytes images, Bytes labels, const std::string& images_name,
                                const std::string& labels_name, const IdxLimits& limits) {
  Result<IdxImages> parsed = parse_idx_images(images, images_name, limits);
  if (!parsed.ok()) return parsed.error();
  Result<std::vector<std::uint8_t>> parsed_labels = parse_idx_labels(labels, labels_name, limits);
  if (!parsed_labels.ok()) return parsed_labels.error();
  IdxImages pictures = std::move(parsed).value();
  ImageSet set;
  set.count = pictures.count;
  set.height = pictures.height;
  set.width = pictures.width;
  set.pixels = std::move(pictures.pixels);
  set.labels = std::move(parsed_labels).value();
  if (set.labels.size() != static_cast<std::size_t>(set.count))
    return Error{images_name + " holds " + counted(static_cast<std::uint64_t>(set.count), "picture") + ", but " +
                 labels_name + " holds " + counted(set.labels.size(), "label") +
                 "; choose two files of one set (both train, or both t10k)."};
  set.classes = *std::max_element(set.labels.begin(), set.labels.end()) + 1;
  return set;
}

std::vector<std::uint8_t> write_idx_images(const ImageSet& set) {
  CHECK(set.channels == 1, "an IDX images file has 1 channel, the set has ", set.channels);
  check_sizes(set);
  std::vector<std::uint8_t> out;
  out.reserve(kImagesHeader + set.pixels.size());
  for (const std::uint32_t word : {kImagesMagic, static_cast<std::uint32_t>(set.count),
                                   static_cast<std::uint32_t>(set.height), static_cast<std::uint32_t>(set.width)})
    write_u32(out, word);
  out.insert(out.end(), set.pixels.begin(), set.pixels.end());
  return out;
}

std::vector<std::uint8_t> write_idx_labels(const ImageSet& set) {
  check_sizes(set);
  std::vector<std::uint8_t> out;
  out.reserve(kLabelsHeader + set.labels.size());
  write_u32(out, kLabelsMagic);
  write_u32(out, static_cast<std::uint32_t>(set.count));
  out.insert(out.end(), set.labels.begin(), set.labels.end());
  return out;
}

}  // namespace chainrule
