type Labels = Readonly<Record<string, string>>;

export interface LabelSelector {
  readonly matchLabels: Labels;
}

/** An object of the Kubernetes API. It and those below have the fields that the tests look at. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
  };
}

export interface ConfigMap extends Manifest {
  readonly data: Readonly<Record<string, string>>;
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle?: unknown;
  readonly resources: Readonly<
    Record<'requests' | 'limits', { readonly cpu: string; readonly memory: string }>
  >;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly topologySpreadConstraints: readonly { readonly labelSelector: LabelSelector }[];
  readonly containers: readonly [Container];
  readonly volumes: readonly {
    readonly name: string;
    readonly secret?: { readonly secretName: string; readonly optional: boolean };
    readonly emptyDir?: { readonly sizeLimit: string };
  }[];
}

export interface Deployment extends Manifest {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly strategy: { readonly rollingUpdate: { readonly maxUnavailable: number } };
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
  };
}

export interface CronJob extends Manifest {
  readonly spec: {
    readonly jobTemplate: {
      readonly spec: {
        readonly podFailurePolicy: {
          readonly rules: readonly { readonly onExitCodes?: { readonly values: readonly number[] } }[];
        };
        readonly template: {
          readonly spec: Omit<PodSpec, 'containers'> & { readonly containers: readonly [JobContainer] };
        };
      };
    };
  };
}

export interface JobContainer extends Pick<
  Container,
  'name' | 'image' | 'resources' | 'securityContext' | 'volumeMounts'
> {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

export interface Service extends Manifest {
  readonly spec: {
    readonly selector: Labels;
    readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
  };
}

export interface PodDisruptionBudget extends Manifest {
  readonly spec: { readonly selector: LabelSelector };
}

export interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: LabelSelector;
    readonly ingress: readonly { readonly ports: readonly { readonly port: number }[] }[];
    readonly egress: readonly unknown[];
  };
}

interface ScaleTarget {
  readonly name: string;
}

export interface HorizontalPodAutoscaler extends Manifest {
  readonly spec: {
    readonly scaleTargetRef: ScaleTarget;
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly metrics: readonly [
      {
        readonly containerResource: {
          readonly container: string;
          readonly target: { readonly averageUtilization: number };
        };
      },
    ];
    readonly behavior: unknown;
  };
}

export interface ScaledObject extends Manifest {
  readonly spec: {
    readonly scaleTargetRef: ScaleTarget;
    readonly minReplicaCount: number;
    readonly maxReplicaCount: number;
    readonly advanced: {
      readonly horizontalPodAutoscalerConfig: { readonly name: string; readonly behavior: unknown };
    };
    readonly triggers: readonly {
      readonly type: string;
      readonly metadata: Readonly<Record<string, string>>;
    }[];
  };
}

export interface InferenceService extends Manifest {
  readonly spec: {
    readonly predictor: PodSpec & {
      readonly minReplicas: number;
      readonly maxReplicas: number;
      readonly scaleMetric: string;
      readonly scaleTarget: number;
      readonly deploymentStrategy: Deployment['spec']['strategy'];
    };
  };
}

export interface ServiceMonitor extends Manifest {
  readonly spec: {
    readonly selector: LabelSelector;
    readonly endpoints: readonly [{ readonly port: string; readonly path: string }];
  };
}

interface Kinds {
  ConfigMap: ConfigMap;
  CronJob: CronJob;
  Deployment: Deployment;
  HorizontalPodAutoscaler: HorizontalPodAutoscaler;
  InferenceService: InferenceService;
  NetworkPolicy: NetworkPolicy;
  PodDisruptionBudget: PodDisruptionBudget;
  ScaledObject: ScaledObject;
  Service: Service;
  ServiceMonitor: ServiceMonitor;
}

/** The one object of a kind. */
export function one<Kind extends keyof Kinds>(manifests: readonly Manifest[], kind: Kind): Kinds[Kind] {
  const [manifest, ...others] = manifests.filter((candidate) => candidate.kind === kind);
  if (manifest === undefined || others.length > 0) {
    throw new Error(`There must be one ${kind}.`);
  }
  return manifest as Kinds[Kind];
}
