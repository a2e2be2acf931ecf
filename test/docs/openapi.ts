/** The parts of an OpenAPI 3.0 document that the tests look at. */
export interface OpenApiDocument {
  readonly info: { readonly version: string };
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
    Record<
      string,
      { readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>> }
    >
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
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
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
  const { properties, example, items, allOf } =
    (name === undefined ? schema : document.components.schemas[name]) ?? {};
  if (properties !== undefined) {
    return Object.fromEntries(
      Object.entries(properties).map(([field, value]) => [field, exampleOf(document, value)]),
    );
  }
  if (example !== undefined || (items === undefined && allOf === undefined)) {
    return example;
  }
  return items === undefined ? exampleOf(document, allOf?.[0]) : [exampleOf(document, items)];
}

/** The JSON schema of a successful answer, in which no field is allowed that is not documented. */
export function schemaOfAnswer(document: OpenApiDocument, path: string, method: string): object {
  const answer = document.paths[path]?.[method]?.responses['200']?.content['application/json'];
  const schemas = Object.entries(document.components.schemas).map(([name, schema]) => [
    name,
    { additionalProperties: false, ...schema },
  ]);
  return { ...answer?.schema, components: { schemas: Object.fromEntries(schemas) as object } };
}
