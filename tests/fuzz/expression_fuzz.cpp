// Any text is a formula or a sentence: a formula's program is built and run, and its text reads back as a formula.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/graph/buffers.h"
#include "engine/optim/expression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chainrule;
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::size_t column = 0;
  const Result<Expression> read = parse_expression(text, &column);
  if (!read.ok()) {
    CHECK(read.error_message().ends_with('.') && read.error_message().size() < 300, "not a sentence: ", read.error_message());
    CHECK(column <= size + 1, "column ", column, " of ", size);
    return 0;
  }
  Graph graph;
  const TensorId x = graph.parameter("x", Shape{1}, {}), y = graph.parameter("y", Shape{1}, {});
  const TensorId f = append_expression(graph, read.value(), x, y);
  Program program = graph.program();
  append_backward(program, f);
  Buffers<float> buffers(program);
  buffers[x][0] = 0.5f;
  buffers[y][0] = -1.5f;
  for (const OpCall& call : program.calls) run_reference(call, buffers);
  static_cast<void>(quadratic_of(read.value()));
  // Parentheses that the text needs and the formula did without may be one level too many for it.
  const Result<Expression> again = parse_expression(read.value().text());
  CHECK(again.ok() || again.error_message().find("nested") != std::string::npos || again.error_message().find("characters") != std::string::npos,
        read.value().text(), ": ", again.error_message());
  return 0;
}
