import { type ServerDuplexStream, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { quoted } from '../invalid-request.js';
import { SERVICE_NAMES } from './protocols.js';
import { WireReader } from './wire-reader.js';

interface ReflectionRequest {
  readonly host: string;
  /** The name of the one field that is set. */
  readonly message_request?: string;
  readonly file_by_filename?: string;
  readonly file_containing_symbol?: string;
}

type ReflectionStream = ServerDuplexStream<ReflectionRequest, object>;

/** Tells clients which services there are and what messages they take. */
export class ReflectionCalls {
  /** Encoded descriptors of files, by the names of the files and of the services, messages and enumerations in them. */
  private readonly files = new Map<string, Buffer>();

  constructor(packages: readonly PackageDefinition[]) {
    for (const definition of packages) {
      const file = fileOf(definition);
      for (const name of [fileName(file), ...Object.keys(definition)]) {
        this.files.set(name, file);
      }
    }
  }

  get implementation(): UntypedServiceImplementation {
    return {
      ServerReflectionInfo: (stream: ReflectionStream) => {
        stream.on('data', (request: ReflectionRequest) => {
          const answer = { valid_host: request.host, original_request: request, ...this.answer(request) };
          if (!stream.write(answer)) {
            // A client that does not read its answers fills no memory.
            stream.pause();
            stream.once('drain', () => stream.resume());
          }
        });
        stream.once('end', () => {
          stream.end();
        });
      },
    };
  }

  private answer(request: ReflectionRequest): object {
    switch (request.message_request) {
      case 'list_services':
        return { list_services_response: { service: SERVICE_NAMES.map((name) => ({ name })) } };
      case 'file_by_filename':
        return this.fileAnswer(request.file_by_filename ?? '', (name) => this.files.get(name));
      case 'file_containing_symbol':
        return this.fileAnswer(request.file_containing_symbol ?? '', (name) => this.fileWith(name));
      default:
        return errorAnswer(status.UNIMPLEMENTED, 'There are no extensions.');
    }
  }

  private fileAnswer(name: string, find: (name: string) => Buffer | undefined): object {
    const file = find(name);
    return file === undefined
      ? errorAnswer(status.NOT_FOUND, `There is no ${quoted(name)}.`)
      : { file_descriptor_response: { file_descriptor_proto: [file] } };
  }

  /** A method is in the file of its service, and a message within a message in that of the outer one. */
  private fileWith(symbol: string): Buffer | undefined {
    let name = symbol;
    while (!this.files.has(name) && name.includes('.')) {
      name = name.slice(0, name.lastIndexOf('.'));
    }
    return this.files.get(name);
  }
}

function errorAnswer(code: status, message: string): object {
  return { error_response: { error_code: code, error_message: message } };
}

/** Each of our packages is in one file, which each of its messages knows. A service does not. */
function fileOf(definition: PackageDefinition): Buffer {
  for (const { fileDescriptorProtos } of Object.values(definition)) {
    const [file] = Array.isArray(fileDescriptorProtos) ? fileDescriptorProtos : [];
    if (file !== undefined) {
      return file;
    }
  }
  throw new Error('The package has no message.');
}

/** The first field of a FileDescriptorProto. */
function fileName(file: Buffer): string {
  const reader = new WireReader(file);
  reader.nextField();
  return reader.text();
}
