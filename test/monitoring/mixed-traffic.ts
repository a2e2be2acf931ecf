import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import type { Service } from '../support/service.js';

const MEDIUM_RISK_CUSTOMER = { ...LOW_RISK_CUSTOMER, tenure_months: 12, total_charges: 540 };
const CUSTOMERS = [HIGH_RISK_CUSTOMER, MEDIUM_RISK_CUSTOMER, LOW_RISK_CUSTOMER];

/** Sends all that an operator may see, over and over: scores, batches, mistakes, and more than the service takes. */
export class MixedTraffic {
  private isStopped = false;
  private readonly done: Promise<void>;

  private constructor(
    private readonly service: Service,
    private readonly maxConnections: number,
  ) {
    this.done = this.run();
  }

  /** @param maxConnections the service's MAX_CONNECTIONS, which is exceeded */
  static start(service: Service, maxConnections = 10): MixedTraffic {
    return new MixedTraffic(service, maxConnections);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.done;
  }

  private async run(): Promise<void> {
    const { url } = this.service;
    while (!this.isStopped) {
      for (const customer of CUSTOMERS) {
        await post(`${url}/predict`, customer);
      }
      await post(`${url}/predict/batch`, { customers: CUSTOMERS });
      await post(`${url}/predict/explain`, HIGH_RISK_CUSTOMER);
      await post(`${url}/predict`, { ...HIGH_RISK_CUSTOMER, tenure_months: -1 });
      await request(`${url}/made-up`);
      await request(`${url}/health/ready`);
      await this.exceedConnections();
    }
  }

  private async exceedConnections(): Promise<void> {
    const { port } = this.service;
    const connections = await Promise.all(
      Array.from({ length: this.maxConnections + 1 }, () => RawConnection.open(port)),
    );
    await Promise.all(
      connections.map(async (connection) => {
        await connection.send(rawPost('/predict', HIGH_RISK_CUSTOMER, { Connection: 'close' }));
        await connection.untilClosed();
      }),
    );
  }
}
