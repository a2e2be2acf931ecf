import { describe, expect, it } from 'vitest';
import { loadError } from './load-error.js';

describe('loadError', () => {
  it.each([
    [
      'an opset of another domain',
      '/onnxruntime_src/onnxruntime/core/graph/model_load_utils.h:46 ValidateOpsetForDomain ONNX Runtime only *guarantees* support for models stamped with official released onnx opset versions. Opset 9 is under development and support for this is limited. The operator schemas and or other functionality may change before next ONNX release and in this case ONNX Runtime will not guarantee backward compatibility. Current official support for domain ai.onnx.ml is till opset 5.\n',
      /^The graph has an opset .* Where: \/m\.onnx\. Expected: opset 5 of ai\.onnx\.ml, .* Found: opset 9\. .*target_opset.*churn-bundle wrap --onnx \/m\.onnx /,
    ],
    [
      'an IR version',
      '/onnxruntime_src/onnxruntime/core/graph/model.cc:150 Model::Model(ModelProto&&)\nUnsupported model IR version: 99, max supported IR version: 13\n',
      /^The file has an IR version .* Expected: IR version 13 or an older one: onnxruntime 1\.\d+\.\d+ .* Found: IR version 99\./,
    ],
    [
      'what it does not know',
      'Something else.',
      /^onnxruntime cannot load the model\. .* Found: Something else\. To mend it: /,
    ],
    [
      'an operator of a newer opset',
      'This is an invalid model. In Node, ("", Gelu, "", -1) : ("x": tensor(float),) -> ("y": tensor(float),) , Error No Op registered for Gelu with domain_version of 17',
      /^The graph has an operator that onnxruntime does not have\. .* Found: Gelu, of which it says: /,
    ],
    [
      'an operator of a domain that is not imported',
      'This is an invalid model. In Node, ("", Churn, "a.b", -1) : ("x": tensor(float),) -> ("y": tensor(float),) , Error No opset import for domain \'a.b\'',
      /^The graph has an operator that onnxruntime does not have\. .* Found: a\.b, of which it says: /,
    ],
    [
      'an operator without a kernel for its type',
      "Could not find an implementation for Sigmoid(13) node with name ''",
      /^The graph has an operator that onnxruntime does not have\. .* Found: Sigmoid, of which it says: /,
    ],
    [
      'a damaged file',
      'Failed to load model because protobuf parsing failed.',
      /^The model file is damaged, or is no ONNX file\. .* Found: 7 bytes, .*: check that \/m\.onnx is ONNX and not truncated/,
    ],
  ])('tells of %s', (_case, said, message) => {
    const error = new Error(said);
    expect(loadError(error, 7, '/m.onnx')).toMatchObject({
      message: expect.stringMatching(message) as string,
      cause: error,
    });
  });
});
