#include "web/widgets/graph_layout.h"

#include <algorithm>
#include <numeric>

#include "engine/base/check.h"

namespace chainrule {
namespace {

constexpr int kOrderSweeps = 12, kPlaceSweeps = 16;

/// Nodes in an order in which edges go forward; shorter than `nodes` where there is a circle.
std::vector<int> forward_order(int nodes, std::span<const GraphEdge> edges) {
  std::vector<int> waiting(static_cast<std::size_t>(nodes), 0), order;
  std::vector<std::vector<int>> next(static_cast<std::size_t>(nodes));
  for (const GraphEdge& edge : edges) {
    ++waiting[static_cast<std::size_t>(edge.to)];
    next[static_cast<std::size_t>(edge.from)].push_back(edge.to);
  }
  for (int node = 0; node < nodes; ++node)
    if (waiting[static_cast<std::size_t>(node)] == 0) order.push_back(node);
  for (std::size_t i = 0; i < order.size(); ++i)
    for (const int to : next[static_cast<std::size_t>(order[i])])
      if (--waiting[static_cast<std::size_t>(to)] == 0) order.push_back(to);
  return order;
}

/// Something that has a place in a layer: a node, or where an edge passes.
struct Item {
  float across = 0.0f, along = 0.0f;  // sizes; layers follow each other along
  float place = 0.0f;                 // of its middle, across
  int layer = 0;
  bool is_node = false;
  std::vector<int> before, after;  // neighbours in the layers beside
};

class Layered {
 public:
  Layered(std::span<const GraphBox> nodes, std::span<const GraphEdge> edges, const GraphSpacing& spacing)
      : nodes_(nodes), edges_(edges), spacing_(spacing) {
    rank();
    make_items();
    reduce_crossings();
    place_across();
  }

  GraphLayout result() const {
    std::vector<float> thick(layers_.size(), 0.0f), start(layers_.size(), 0.0f);
    for (const Item& item : items_) thick[static_cast<std::size_t>(item.layer)] = std::max(thick[static_cast<std::size_t>(item.layer)], item.along);
    float along = 0.0f, low = 0.0f, high = 0.0f;
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
      start[layer] = along;
      along += thick[layer] + (layer + 1 < layers_.size() ? spacing_.layer : 0.0f);
    }
    for (const Item& item : items_) {
      low = std::min(low, item.place - item.across / 2);
      high = std::max(high, item.place + item.across / 2);
    }
    const auto point = [&](float forward, float across) { return spacing_.down ? ImVec2{across - low, forward} : ImVec2{forward, across - low}; };
    const auto box = [&](const Item& item) {
      const float middle = start[static_cast<std::size_t>(item.layer)] + thick[static_cast<std::size_t>(item.layer)] / 2;
      return Rect{point(middle - item.along / 2, item.place - item.across / 2), point(middle + item.along / 2, item.place + item.across / 2)};
    };
    GraphLayout layout;
    for (std::size_t node = 0; node < nodes_.size(); ++node) layout.nodes.push_back(box(items_[node]));
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      GraphRoute route;
      const auto side = [&](const Item& item, bool end) {
        const Rect r = box(item);
        const float forward = spacing_.down ? (end ? r.max.y : r.min.y) : (end ? r.max.x : r.min.x);
        return point(forward, item.place);
      };
      route.points.push_back(side(items_[static_cast<std::size_t>(edges_[e].from)], true));
      for (const int passed : passing_[e]) {
        const Item& item = items_[static_cast<std::size_t>(passed)];
        const auto layer = static_cast<std::size_t>(item.layer);
        route.points.push_back(point(start[layer], item.place));
        route.points.push_back(point(start[layer] + thick[layer], item.place));
      }
      route.points.push_back(side(items_[static_cast<std::size_t>(edges_[e].to)], false));
      if (edges_[e].label.width > 0) route.label = box(items_[static_cast<std::size_t>(passing_[e].back())]);
      layout.routes.push_back(std::move(route));
    }
    layout.size = point(along, high);
    return layout;
  }

 private:
  // Nodes have even layers; the odd ones between are for labels.
  void rank() {
    const auto count = static_cast<int>(nodes_.size());
    const std::vector<int> order = forward_order(count, edges_);
    CHECK(static_cast<int>(order.size()) == count, "a graph with a circle has no layers");
    rank_.assign(nodes_.size(), 0);
    std::vector<std::vector<int>> next(nodes_.size());
    std::vector<bool> has_source(nodes_.size(), false);
    for (const GraphEdge& edge : edges_) {
      next[static_cast<std::size_t>(edge.from)].push_back(edge.to);
      has_source[static_cast<std::size_t>(edge.to)] = true;
    }
    for (const int node : order)
      for (const int to : next[static_cast<std::size_t>(node)])
        rank_[static_cast<std::size_t>(to)] = std::max(rank_[static_cast<std::size_t>(to)], rank_[static_cast<std::size_t>(node)] + 1);
    // What nothing leads to stands right before its first use.
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      if (has_source[node] || next[node].empty()) continue;
      int first = rank_[static_cast<std::size_t>(next[node].front())];
      for (const int to : next[node]) first = std::min(first, rank_[static_cast<std::size_t>(to)]);
      rank_[node] = first - 1;
    }
  }

  GraphBox turned(const GraphBox& box) const { return spacing_.down ? GraphBox{box.height, box.width} : box; }

  void make_items() {
    int last = 0;
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      const GraphBox box = turned(nodes_[node]);
      items_.push_back({box.height, box.width, 0.0f, 2 * rank_[node], true, {}, {}});
      last = std::max(last, 2 * rank_[node]);
    }
    layers_.resize(static_cast<std::size_t>(last) + 1);
    passing_.resize(edges_.size());
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      int previous = edges_[e].from;
      const int end = 2 * rank_[static_cast<std::size_t>(edges_[e].to)];
      for (int layer = 2 * rank_[static_cast<std::size_t>(edges_[e].from)] + 1; layer < end; ++layer) {
        const GraphBox label = layer + 1 == end ? turned(edges_[e].label) : GraphBox{};
        items_.push_back({label.height, label.width, 0.0f, layer, false, {}, {}});
        join(previous, static_cast<int>(items_.size()) - 1);
        previous = static_cast<int>(items_.size()) - 1;
        passing_[e].push_back(previous);
      }
      join(previous, edges_[e].to);
    }
    // The first order is that of a walk along the edges, so that what belongs together starts out together.
    std::vector<bool> seen(items_.size(), false);
    for (std::size_t node = 0; node < nodes_.size(); ++node)
      if (items_[node].after.empty()) walk(static_cast<int>(node), seen);
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (!seen[i]) walk(static_cast<int>(i), seen);
  }

  void join(int from, int to) {
    items_[static_cast<std::size_t>(from)].after.push_back(to);
    items_[static_cast<std::size_t>(to)].before.push_back(from);
  }

  void walk(int from, std::vector<bool>& seen) {
    std::vector<int> stack = {from};
    while (!stack.empty()) {
      const int at = stack.back();
      stack.pop_back();
      if (seen[static_cast<std::size_t>(at)]) continue;
      seen[static_cast<std::size_t>(at)] = true;
      const Item& item = items_[static_cast<std::size_t>(at)];
      layers_[static_cast<std::size_t>(item.layer)].push_back(at);
      for (std::size_t i = item.before.size(); i-- > 0;) stack.push_back(item.before[i]);
    }
  }

  // ------------------------------------------------------------------------------------------------------------- order
  std::vector<int> positions() const {
    std::vector<int> position(items_.size(), 0);
    for (const std::vector<int>& layer : layers_)
      for (std::size_t i = 0; i < layer.size(); ++i) position[static_cast<std::size_t>(layer[i])] = static_cast<int>(i);
    return position;
  }

  std::int64_t crossings() const {
    const std::vector<int> position = positions();
    std::int64_t count = 0;
    std::vector<std::pair<int, int>> lines;
    for (const std::vector<int>& layer : layers_) {
      lines.clear();
      for (const int item : layer)
        for (const int to : items_[static_cast<std::size_t>(item)].after) lines.push_back({position[static_cast<std::size_t>(item)], position[static_cast<std::size_t>(to)]});
      std::ranges::sort(lines);
      for (std::size_t a = 0; a < lines.size(); ++a)
        for (std::size_t b = a + 1; b < lines.size(); ++b) count += lines[b].second < lines[a].second && lines[a].first != lines[b].first;
    }
    return count;
  }

  void reduce_crossings() {
    std::vector<std::vector<int>> best = layers_;
    std::int64_t fewest = crossings();
    for (int sweep = 0; sweep < kOrderSweeps && fewest > 0; ++sweep) {
      const bool forward = sweep % 2 == 1;
      std::vector<int> position = positions();
      for (std::size_t step = 0; step < layers_.size(); ++step) {
        std::vector<int>& layer = layers_[forward ? step : layers_.size() - 1 - step];
        std::vector<std::pair<float, int>> keyed;
        for (const int item : layer) {
          const std::vector<int>& beside = forward ? items_[static_cast<std::size_t>(item)].before : items_[static_cast<std::size_t>(item)].after;
          float sum = 0.0f;
          for (const int other : beside) sum += static_cast<float>(position[static_cast<std::size_t>(other)]);
          keyed.push_back({beside.empty() ? static_cast<float>(position[static_cast<std::size_t>(item)]) : sum / static_cast<float>(beside.size()), item});
        }
        std::ranges::stable_sort(keyed, {}, &std::pair<float, int>::first);
        for (std::size_t i = 0; i < layer.size(); ++i) {
          layer[i] = keyed[i].second;
          position[static_cast<std::size_t>(layer[i])] = static_cast<int>(i);
        }
      }
      const std::int64_t now = crossings();
      if (now < fewest) fewest = now, best = layers_;
    }
    layers_ = std::move(best);
  }

  // ------------------------------------------------------------------------------------------------------------ places
  float distance(const Item& a, const Item& b) const {
    const bool wide = a.across > 0 && b.across > 0;
    return (a.across + b.across) / 2 + (wide ? spacing_.node : spacing_.edge);
  }

  /// The places nearest to `wanted` (least squares) that keep order and distances: wanted places less the room before
  /// them must not fall, so that neighbours that do are pooled at their mean.
  void settle(const std::vector<int>& layer, const std::vector<float>& wanted) {
    struct Pool {
      float sum;
      int count;
      float mean() const { return sum / static_cast<float>(count); }
    };
    std::vector<float> room(layer.size(), 0.0f);
    for (std::size_t i = 1; i < layer.size(); ++i)
      room[i] = room[i - 1] + distance(items_[static_cast<std::size_t>(layer[i - 1])], items_[static_cast<std::size_t>(layer[i])]);
    std::vector<Pool> pools;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      pools.push_back({wanted[i] - room[i], 1});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
        const Pool last = pools.back();
        pools.pop_back();
        pools.back().sum += last.sum;
        pools.back().count += last.count;
      }
    }
    std::size_t i = 0;
    for (const Pool& pool : pools)
      for (int k = 0; k < pool.count; ++k, ++i) items_[static_cast<std::size_t>(layer[i])].place = pool.mean() + room[i];
  }

  void place_across() {
    for (const std::vector<int>& layer : layers_) settle(layer, std::vector<float>(layer.size(), 0.0f));
    for (int sweep = 0; sweep < kPlaceSweeps; ++sweep) {
      for (std::size_t step = 0; step < layers_.size(); ++step) {
        const std::vector<int>& layer = layers_[sweep % 2 == 0 ? step : layers_.size() - 1 - step];
        std::vector<float> wanted;
        for (const int number : layer) {
          const Item& item = items_[static_cast<std::size_t>(number)];
          float sum = 0.0f;
          for (const std::vector<int>* beside : {&item.before, &item.after})
            for (const int other : *beside) sum += items_[static_cast<std::size_t>(other)].place;
          const std::size_t count = item.before.size() + item.after.size();
          wanted.push_back(count == 0 ? item.place : sum / static_cast<float>(count));
        }
        settle(layer, wanted);
      }
    }
  }

  std::span<const GraphBox> nodes_;
  std::span<const GraphEdge> edges_;
  GraphSpacing spacing_;
  std::vector<int> rank_;                  // by node
  std::vector<Item> items_;                // the nodes first
  std::vector<std::vector<int>> layers_;   // items in order
  std::vector<std::vector<int>> passing_;  // by edge: its items on the way
};

}  // namespace

GraphLayout layout_graph(std::span<const GraphBox> nodes, std::span<const GraphEdge> edges, const GraphSpacing& spacing) {
  return nodes.empty() ? GraphLayout{} : Layered(nodes, edges, spacing).result();
}

bool has_circle(int nodes, std::span<const GraphEdge> edges) {
  return static_cast<int>(forward_order(nodes, edges).size()) < nodes;
}

}  // namespace chainrule
