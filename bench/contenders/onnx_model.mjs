// ONNX models as bytes: the few protocol-buffer messages that a chain of operators needs.
// Source: onnx.proto (field numbers), protocol buffers' encoding (varints, length-delimited fields).

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

const joined = (parts) => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};
const field = (number, bytes) => joined([varint(number * 8 + 2), varint(bytes.length), bytes]);
const integer = (number, value) => Uint8Array.from([...varint(number * 8), ...varint(value)]);
const text = (number, value) => field(number, new TextEncoder().encode(value));

/** name of floats, in the shape; TensorProto: dims 1, data_type 2, name 8, raw_data 9. */
export const tensor = (name, shape, values) => joined([
  ...shape.map((size) => integer(1, size)), integer(2, 1), text(8, name),
  field(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
]);

/** NodeProto: input 1, output 2, op_type 4, attribute 5 (name 1, i 3, ints 8, type 20: 2 for an integer, 7 for several). */
export const node = (kind, inputs, output, attributes = {}) => joined([
  ...inputs.map((input) => text(1, input)), text(2, output), text(4, kind),
  ...Object.entries(attributes).map(([name, value]) => field(5, joined(Array.isArray(value)
    ? [text(1, name), ...value.map((one) => integer(8, one)), integer(20, 7)]
    : [text(1, name), integer(3, value), integer(20, 2)]))),
]);

/** ValueInfoProto: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { dim_value 1 } } } }. */
const value_info = (name, shape) => joined([text(1, name), field(2, field(1, joined([
  integer(1, 1), field(2, joined(shape.map((size) => field(1, integer(1, size))))),
])))]);

/** ModelProto: ir_version 1, graph 7, opset_import 8. GraphProto: node 1, name 2, initializer 5, input 11, output 12. */
export const model = (nodes, initializers, inputs, outputs) => joined([
  integer(1, 8), field(8, integer(2, 13)),
  field(7, joined([
    ...nodes.map((one) => field(1, one)), text(2, 'bench'), ...initializers.map((one) => field(5, one)),
    ...inputs.map(([name, shape]) => field(11, value_info(name, shape))), ...outputs.map(([name, shape]) => field(12, value_info(name, shape))),
  ])),
]);
