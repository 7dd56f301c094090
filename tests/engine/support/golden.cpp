#include "tests/engine/support/golden.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <span>
#include <sstream>

namespace chainrule::test {
namespace {

std::string source_dir() {
#ifdef CHAINRULE_SOURCE_DIR
  return CHAINRULE_SOURCE_DIR;
#else
  return ".";
#endif
}

/// Takes little-endian numbers off the front of some bytes; `good` turns false where they end too early.
struct Reader {
  const std::string& bytes;
  std::size_t at = 0;
  bool good = true;

  template <class T>
  T take() {
    T value{};
    static_assert(std::endian::native == std::endian::little);
    if (!good || bytes.size() - at < sizeof(T)) return good = false, value;
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    at += sizeof(T);
    return value;
  }
  std::string take_text(std::size_t size) {
    if (!good || bytes.size() - at < size) return good = false, std::string();
    at += size;
    return bytes.substr(at - size, size);
  }
};

template <class T>
std::vector<double> numbers_of(const std::string& bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return {values.begin(), values.end()};
}

bool parse_record(Reader& reader, std::map<std::string, GoldenRecord>& records) {
  const auto name_size = reader.take<std::uint16_t>();
  const auto kind = reader.take<std::uint8_t>(), rank = reader.take<std::uint8_t>();
  if (!reader.good || rank > Shape::kMaxRank || kind > 2) return false;
  GoldenRecord record;
  for (int axis = 0; axis < rank; ++axis) {
    const auto size = reader.take<std::int32_t>();
    if (!reader.good || size <= 0) return false;
    record.shape.append(size);
  }
  const auto data_size = reader.take<std::uint32_t>();
  const std::string name = reader.take_text(name_size), data = reader.take_text(data_size);
  if (!reader.good) return false;
  if (kind == 0) record.numbers = numbers_of<float>(data);
  if (kind == 1) record.numbers = numbers_of<double>(data);
  if (kind == 2) record.text = data;
  if (kind < 2 && static_cast<std::int64_t>(data_size) != record.shape.size() * (kind == 0 ? 4 : 8)) return false;
  records[name] = std::move(record);
  return true;
}

}  // namespace

bool parse_golden(const std::string& bytes, std::map<std::string, GoldenRecord>& records, std::string& made_by) {
  Reader reader{bytes};
  if (reader.take_text(7) != std::string("CRGOLD\0", 7) || reader.take<std::uint8_t>() != 1) return false;
  const auto count = reader.take<std::uint32_t>(), text_size = reader.take<std::uint32_t>();
  made_by = reader.take_text(text_size);
  for (std::uint32_t i = 0; i < count; ++i)
    if (!parse_record(reader, records)) return false;
  return reader.good && reader.at == bytes.size() && records.size() == count;
}

GoldenFile::GoldenFile(const std::string& name) : name_(name) {
  std::ifstream file(source_dir() + "/tests/golden/" + name, std::ios::binary);
  if (!file) file.open("tests/golden/" + name, std::ios::binary);
  CHECK(file.good(), "tests/golden/", name, " is missing: /usr/bin/python3 tools/make_goldens.py writes it");
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  CHECK(parse_golden(bytes, records_, made_by_), "tests/golden/", name, " is broken");
}

const GoldenRecord& GoldenFile::operator[](const std::string& record) const {
  const auto found = records_.find(record);
  CHECK(found != records_.end(), name_, " has no ", record);
  return found->second;
}

std::map<std::string, std::string> GoldenFile::settings(const std::string& record) const {
  std::istringstream words((*this)[record].text);
  std::map<std::string, std::string> settings;
  for (std::string word; words >> word;) settings[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
  return settings;
}

float uniform(std::uint32_t seed, std::uint32_t index) {
  std::uint32_t x = index * 2654435761u + seed * 40503u + 12345u;
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return static_cast<float>(x >> 8) * (1.0f / 16777216.0f);
}

float filled(std::uint32_t seed, std::uint32_t index, float scale) { return (2.0f * uniform(seed, index) - 1.0f) * scale; }

template <class T>
double relative_error(std::span<const T> got, const std::vector<double>& wanted) {
  CHECK(got.size() == wanted.size(), got.size(), " numbers, not ", wanted.size());
  double difference = 0.0, norm = 0.0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double d = static_cast<double>(got[i]) - wanted[i];
    difference += d * d;
    norm += wanted[i] * wanted[i];
  }
  return norm == 0.0 ? std::sqrt(difference) : std::sqrt(difference / norm);
}
template double relative_error<float>(std::span<const float>, const std::vector<double>&);
template double relative_error<double>(std::span<const double>, const std::vector<double>&);

}  // namespace chainrule::test
