import { Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { DtoClass } from './dto-schema.js';

/** Finds the class of each body that a handler takes, by its `@Body()` parameters. */
@Injectable()
export class BodyTypes {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  find(): DtoClass[] {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype as DtoClass);
    const types = controllers.flatMap((controller) =>
      this.scanner
        .getAllMethodNames(controller.prototype as object)
        .flatMap((method) => bodyTypesOf(controller, method)),
    );
    return [...new Set(types)];
  }
}

function bodyTypesOf(controller: DtoClass, method: string): DtoClass[] {
  // Keys are `KIND:INDEX`, by the kind and the place of a parameter.
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as object;
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) ??
    []) as DtoClass[];
  return Object.keys(parameters)
    .map((key) => key.split(':').map(Number))
    .filter(([kind]) => kind === RouteParamtypes.BODY.valueOf())
    .map(([, index]) => types[index ?? NaN])
    .filter((type) => type !== undefined);
}
