/** The command that makes a bundle of a graph from elsewhere. */
export function wrapCommand(path: string): string {
  return `churn-bundle wrap --onnx ${path} (docs/bring-your-own-model.md has its other options)`;
}
