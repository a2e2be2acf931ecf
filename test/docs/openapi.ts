/** The parts of an OpenAPI 3.0 document that the tests look at. */
export interface OpenApiDocument {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes?: Readonly<Record<string, object>>;
  };
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
}

/** The schema of this name and all fields below it, each under its path. */
export function subschemas(schema: Schema, path: string): { path: string; schema: Schema }[] {
  const { properties = {}, additionalProperties } = schema;
  return [
    { path, schema },
    ...Object.entries(properties).flatMap(([name, field]) => subschemas(field, `${path}.${name}`)),
    ...(typeof additionalProperties === 'object' ? subschemas(additionalProperties, `${path}.*`) : []),
  ];
}

/** What a docs page shows for a schema of the document: the examples of its fields put together. */
export function exampleOf(document: OpenApiDocument, schema: Schema | undefined): unknown {
  const name = schema?.$ref?.replace('#/components/schemas/', '');
  const { properties, example } = (name === undefined ? schema : document.components.schemas[name]) ?? {};
  return properties === undefined
    ? example
    : Object.fromEntries(
        Object.entries(properties).map(([field, value]) => [field, exampleOf(document, value)]),
      );
}
