import { env } from 'onnxruntime-node';
import { type ModelFault, ModelLoadError } from '../../bundle/model-load-error.js';
import { wrapCommand } from '../wrap-command.js';

const RUNTIME = `onnxruntime ${env.versions.node ?? '(of an unknown version)'}`;

type Diagnosis = Omit<ModelFault, 'where'>;

/** What onnxruntime says of a graph that it cannot take, and what that means. */
const DIAGNOSES: readonly {
  readonly says: RegExp;
  readonly diagnose: (found: readonly string[], path: string, said: string, byteCount: number) => Diagnosis;
}[] = [
  {
    says: /Opset (\d+) is under development.* for domain (\S+) is till opset (\d+)/s,
    diagnose: ([opset = '', domain = '', newest = ''], path) => ({
      problem: 'The graph has an opset that onnxruntime does not know',
      expected: `opset ${newest} of ${domain}, or an older one: ${RUNTIME} knows no newer`,
      found: `opset ${opset}`,
      remedy: `export the graph with an older opset (opset_version in torch.onnx.export, target_opset in skl2onnx). Then ${wrapCommand(path)} proves it and makes its bundle`,
    }),
  },
  {
    says: /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    diagnose: ([version = '', newest = ''], path) => ({
      problem: 'The file has an IR version that onnxruntime does not know',
      expected: `IR version ${newest} or an older one: ${RUNTIME} knows no newer`,
      found: `IR version ${version}`,
      remedy: `export the graph with an older package onnx, or set the ir_version of the model to ${newest} and save it. Then ${wrapCommand(path)} proves it and makes its bundle`,
    }),
  },
  {
    says: /(?:Fatal error: |No Op registered for |No opset import for domain '|Could not find an implementation for )([\w.:]+)/,
    diagnose: ([operator = ''], path, said) => ({
      problem: 'The graph has an operator that onnxruntime does not have',
      expected: `operators of ONNX, in versions and for types that ${RUNTIME} computes`,
      found: `${operator}, of which it says: ${said}`,
      remedy: `export the graph with standard operators of a common opset and with float32. Then ${wrapCommand(path)} proves it and makes its bundle`,
    }),
  },
  {
    says: /protobuf parsing failed|No graph was found in the protobuf/,
    diagnose: (_, path, said, byteCount) => ({
      problem: 'The model file is damaged, or is no ONNX file',
      expected: 'a whole ONNX file',
      found: `${byteCount} bytes, of which onnxruntime says: ${said}`,
      remedy: `check that ${path} is ONNX and not truncated, and copy or export it again`,
    }),
  },
];

/** Says why onnxruntime cannot load a file, as far as its message tells. */
export function loadError(error: unknown, byteCount: number, path: string): ModelLoadError {
  const said = (error as Error).message;
  for (const { says, diagnose } of DIAGNOSES) {
    const match = says.exec(said);
    if (match !== null) {
      const diagnosis = diagnose(match.slice(1), path, said, byteCount);
      return new ModelLoadError({ where: path, ...diagnosis }, { cause: error });
    }
  }
  return new ModelLoadError(
    {
      problem: 'onnxruntime cannot load the model',
      where: path,
      expected: `a graph that ${RUNTIME} supports`,
      found: said,
      remedy: 'export the graph in another way, as the message says',
    },
    { cause: error },
  );
}

/** @param files that hold weights of the graph, by the names that it has for them */
export function externalDataError(files: readonly string[], path: string): ModelLoadError {
  return new ModelLoadError({
    problem: 'The graph has weights in another file, as torch.onnx.export writes them by default',
    where: path,
    expected: 'one file with the graph and its weights, which the hash in the manifest covers',
    found: `external data in ${files.join(', ')}`,
    remedy: `take them into the one file: ${wrapCommand(path)}, or export the graph with external_data=False`,
  });
}
