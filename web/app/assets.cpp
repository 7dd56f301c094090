#include "web/app/assets.h"

#include "web/platform/platform.h"

namespace chainrule {
namespace {

std::vector<std::string> mnist_addresses(const std::string& prefix) {
  std::vector<std::string> addresses;
  for (const char* part : {"train-images.idx3", "train-labels.idx1", "test-images.idx3", "test-labels.idx1"}) {
    addresses.push_back("data/" + prefix + part + ".gz");
  }
  return addresses;
}

// "data/mnist-train-images.idx3.gz" -> "mnist-train-images.idx3".
std::string bare_name(std::string_view address) {
  const std::size_t slash = address.rfind('/');
  std::string_view name = slash == std::string_view::npos ? address : address.substr(slash + 1);
  if (name.ends_with(".gz")) name.remove_suffix(3);
  return std::string(name);
}

}  // namespace

AssetFiles files_of_asset(std::string_view name) {
  if (name == "digits-subset") return {mnist_addresses("mnist-subset-"), true, "the first digits of MNIST"};
  if (name == "digits-full") return {mnist_addresses("mnist-"), false, "all 70,000 digits of MNIST"};
  if (name.starts_with("weights-")) {
    const std::string model(name.substr(std::string_view("weights-").size()));
    return {{"assets/" + model + ".f16"}, false, "trained weights"};
  }
  return {};
}

std::vector<Blob> read_loaded_asset(const AssetFiles& files) {
  std::vector<Blob> blobs;
  for (const std::string& address : files.addresses) {
    const std::string name = bare_name(address);
    auto bytes = std::make_shared<const std::vector<std::uint8_t>>(
        platform::read_asset(address.ends_with(".gz") ? address.substr(0, address.size() - 3) : address));
    if (bytes->empty()) return {};
    blobs.push_back({name, std::move(bytes)});
  }
  return blobs;
}

}  // namespace chainrule
