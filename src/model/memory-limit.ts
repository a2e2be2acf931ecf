/**
 * @param constrainedBytes of the container; 0 if unknown, and more than any machine has if cgroup v1 sets no limit
 * @returns the limit of the container, or else the memory of the machine
 */
export function memoryLimitBytes(constrainedBytes: number, machineBytes: number): number {
  return constrainedBytes > 0 ? Math.min(constrainedBytes, machineBytes) : machineBytes;
}
