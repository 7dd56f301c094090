#include "web/app/autosave.h"

#include <algorithm>
#include <utility>

#include "web/platform/platform.h"

namespace chainrule {
namespace {

constexpr double kSecondsPlaying = 10.0;  // some megabytes each time
constexpr double kSecondsPaused = 1.0;

std::string run_key(const std::string& slug) { return "run/" + slug; }
std::string files_key(const std::string& slug) { return "files/" + slug; }

// A lesson as it opens needs no record: what people made of it does.
bool is_untouched(const Player& player) {
  return player.last_step() == 0 && player.link() == "#/" + player.lesson().info().slug + "?v=" + std::to_string(kLinkVersion);
}

}  // namespace

bool Autosave::is_due(const Player& player) const {
  return player.version() != saved_version_ && !player.seeking() && player.lesson().wanted_asset().empty();
}

double Autosave::next_save(const Player& player, double now) const {
  if (!is_due(player)) return 0.0;
  return std::max(saved_at_ + (player.playing() ? kSecondsPlaying : kSecondsPaused) - now, 0.001);
}

void Autosave::update(const Player& player, const std::string& address, double now) {
  if (!is_due(player) || next_save(player, now) > 0.001) return;
  saved_at_ = now;
  save_now(player, address);
}

void Autosave::save_now(const Player& player, const std::string& address) {
  if (!is_due(player)) return;
  saved_version_ = player.version();
  const std::string key = run_key(player.lesson().info().slug);
  if (is_untouched(player)) return platform::delete_record(key);
  platform::save_record(key, write_run(player.run_file(address, false)));
}

void Autosave::save_files(const Player& player) {
  RunFile run;
  run.slug = player.lesson().info().slug;
  run.files = player.lesson().received_files();
  if (!run.files.empty()) platform::save_record(files_key(run.slug), write_run(run));
}

void Autosave::load(const std::string& slug, std::function<void(RunFile)> found) {
  const auto read = [](const std::vector<platform::File>& files) {
    return files.empty() ? Result<RunFile>(Error{""}) : read_run(*files[0].bytes, files[0].name);
  };
  const auto with_files = [slug, read, found](RunFile run) {
    auto shared = std::make_shared<RunFile>(std::move(run));
    platform::load_record(files_key(slug), {.progress = nullptr,
                                            .done = [shared, read, found](const std::vector<platform::File>& files) {
                                              Result<RunFile> more = read(files);
                                              if (more.ok()) shared->files = std::move(more).value().files;
                                              found(std::move(*shared));
                                            },
                                            .failed = [shared, found](const std::string&) { found(std::move(*shared)); }});
  };
  platform::load_record(run_key(slug), {.progress = nullptr,
                                        .done = [read, found, with_files](const std::vector<platform::File>& files) {
                                          Result<RunFile> run = read(files);
                                          if (!run.ok()) return;
                                          if (run.value().files_elsewhere) return with_files(std::move(run).value());
                                          found(std::move(run).value());
                                        },
                                        .failed = nullptr});
}

}  // namespace chainrule
