// What a mock device needs to train a network without hidden layer: the kernels of its calls, as in shaders/.
#pragma once

#include <cmath>

#include "tests/engine/backend/mock_device.h"

namespace chainrule::test {

using Call = MockDevice::Dispatched;
using Floats = MockDevice::Floats;

inline float constant(const Call& call, std::size_t at) { return std::bit_cast<float>(call.constants[at]); }

inline void mock_matmul(const Call& call, const Floats& f) {
  const std::uint32_t M = call.constants[0], N = call.constants[1], K = call.constants[2], slice = call.constants[3];
  const std::uint32_t a_row = call.constants[4], a_column = call.constants[5], b_row = call.constants[6], b_column = call.constants[7];
  for (std::uint32_t part = 0; part * slice < K; ++part)
    for (std::uint32_t m = 0; m < M; ++m)
      for (std::uint32_t n = 0; n < N; ++n) {
        float sum = 0.0f;
        for (std::uint32_t k = part * slice; k < std::min(K, (part + 1) * slice); ++k)
          sum += (*f[1])[m * a_row + k * a_column] * (*f[2])[k * b_row + n * b_column];
        (*f[0])[(part * M + m) * N + n] = sum;
      }
}

inline void mock_sums(const Call& call, const Floats& f) {
  const std::uint32_t columns = call.constants[0], positions = call.constants[1], terms = call.constants[2], slices = call.constants[3];
  for (std::uint32_t i = 0; i < columns * slices; ++i) {
    const std::uint32_t column = i / slices, first = i % slices;
    float sum = 0.0f;
    for (std::uint32_t t = first; t < terms; t += slices) sum += (*f[1])[(t / positions * columns + column) * positions + t % positions];
    (*f[0])[first * columns + column] = sum;
  }
}

inline void mock_add_slices(const Call& call, const Floats& f) {
  for (std::uint32_t column = 0; column < call.constants[0]; ++column) {
    float sum = 0.0f;
    for (std::uint32_t slice = 0; slice < call.constants[3]; ++slice) sum += (*f[1])[slice * call.constants[0] + column];
    (*f[0])[column] = sum / constant(call, 4);
  }
}

inline void mock_cross_entropy(const Call& call, const Floats& f) {
  for (std::uint32_t n = 0; n < call.constants[0]; ++n) {
    const float* z = f[1]->data() + n * call.constants[1];
    float largest = z[0], sum = 0.0f;
    for (std::uint32_t j = 1; j < call.constants[1]; ++j) largest = std::max(largest, z[j]);
    for (std::uint32_t j = 0; j < call.constants[1]; ++j) sum += std::exp(z[j] - largest);
    for (std::uint32_t j = 0; j < call.constants[1]; ++j) (*f[3])[n * call.constants[1] + j] = std::exp(z[j] - largest) / sum;
    (*f[0])[n] = std::log(sum) - (z[static_cast<std::size_t>((*f[2])[n])] - largest);
  }
}

inline std::uint32_t byte_of(const std::vector<float>& words, std::uint32_t at) {
  return std::bit_cast<std::uint32_t>(words[at / 4]) >> (at % 4 * 8) & 255u;
}

inline void mock_gather(const Call& call, const Floats& f) {
  const std::uint32_t picture = call.constants[1];
  for (std::uint32_t i = 0; i < call.constants[0]; ++i) {
    const std::uint32_t sample = std::bit_cast<std::uint32_t>((*f[3])[call.constants[2] + i / picture]);
    (*f[0])[i] = static_cast<float>(byte_of(*f[1], sample * picture + i % picture)) / 255.0f;
    (*f[4])[i / picture] = static_cast<float>(byte_of(*f[2], sample));
  }
}

inline void mock_gather_rows(const Call& call, const Floats& f) {
  const std::uint32_t row = call.constants[1];
  for (std::uint32_t i = 0; i < call.constants[0]; ++i)
    (*f[0])[i] = (*f[1])[std::bit_cast<std::uint32_t>((*f[2])[call.constants[2] + i / row]) * row + i % row];
}

inline void mock_squared_error(const Call& call, const Floats& f) {
  const std::uint32_t columns = call.constants[1];
  for (std::uint32_t n = 0; n < call.constants[0]; ++n) {
    float sum = 0.0f;
    for (std::uint32_t i = n * columns; i < (n + 1) * columns; ++i) sum += ((*f[1])[i] - (*f[2])[i]) * ((*f[1])[i] - (*f[2])[i]);
    (*f[0])[n] = constant(call, 2) * sum;
  }
}

inline void mock_squared_error_grad(const Call& call, const Floats& f) {
  for (std::uint32_t i = 0; i < call.constants[0] * call.constants[1]; ++i)
    (*f[0])[i] = 2.0f * constant(call, 2) * ((*f[1])[i] - (*f[2])[i]) * (*f[3])[i / call.constants[1]];
}

inline void mock_count_correct(const Call& call, const Floats& f) {
  std::uint32_t correct = 0;
  for (std::uint32_t n = 0; n < call.constants[0]; ++n) {
    const float* p = f[1]->data() + n * call.constants[1];
    correct += std::max_element(p, p + call.constants[1]) - p == static_cast<std::ptrdiff_t>((*f[2])[n]);
  }
  (*f[0])[call.constants[2]] = std::bit_cast<float>(correct);
}

inline void mock_find(const Call& call, const Floats& f) {
  for (std::uint32_t i = 0; i < call.constants[0]; ++i)
    if (!std::isfinite((*f[1])[i])) (*f[0])[call.constants[1]] = std::bit_cast<float>(1u);
}

/// Gives `device` all of them.
inline void teach_linear_network(MockDevice& device) {
  device.kernels["tiled"] = device.kernels["registers"] = mock_matmul;
  device.kernels["column_sums"] = mock_sums;
  device.kernels["add_slices"] = mock_add_slices;
  device.kernels["softmax_cross_entropy"] = mock_cross_entropy;
  device.kernels["gather"] = mock_gather;
  device.kernels["gather_rows"] = mock_gather_rows;
  device.kernels["squared_error"] = mock_squared_error;
  device.kernels["squared_error_grad"] = mock_squared_error_grad;
  device.kernels["count_correct"] = mock_count_correct;
  device.kernels["find"] = mock_find;
  device.kernels["record"] = [](const Call& call, const Floats& f) { (*f[0])[call.constants[2]] = (*f[1])[0]; };
  device.kernels["bias"] = [](const Call& call, const Floats& f) {
    for (std::uint32_t i = 0; i < call.constants[0]; ++i) (*f[0])[i] = (*f[1])[i] + (*f[2])[i / call.constants[2] % call.constants[1]];
  };
  device.kernels["spread"] = [](const Call& call, const Floats& f) {
    for (std::uint32_t i = 0; i < call.constants[0]; ++i) (*f[0])[i] = (*f[1])[0] / constant(call, 4);
  };
  device.kernels["softmax_cross_entropy_grad"] = [](const Call& call, const Floats& f) {
    for (std::uint32_t i = 0; i < call.constants[0] * call.constants[1]; ++i) {
      const std::uint32_t n = i / call.constants[1];
      (*f[0])[i] = ((*f[1])[i] - ((*f[2])[n] == static_cast<float>(i % call.constants[1]) ? 1.0f : 0.0f)) * (*f[3])[n];
    }
  };
  device.kernels["sgd_step"] = [](const Call& call, const Floats& f) {
    for (std::uint32_t i = 0; i < call.constants[0]; ++i) (*f[0])[i] = (*f[1])[i] - (*f[3])[0] * (*f[2])[i];
  };
}

}  // namespace chainrule::test
