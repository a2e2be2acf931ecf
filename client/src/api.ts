// Generated from the OpenAPI document of the service by `npm run types -w client`.

export interface paths {
    "/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Score one customer
         * @description Fields that the schema does not name are ignored.
         */
        post: operations["predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Score up to 100 customers in one forward pass
         * @description One invalid customer refuses the whole batch; the errors name each one by its index.
         */
        post: operations["predictBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Score a file of customers
         * @description Takes a file of customers of any length, and answers a file of the same kind while it arrives: one row for each row, in their order.
         *     CSV has a header, which names the columns in any order. Read the answer while you send the file.
         *
         *     A row that cannot be scored has `errors` in the place of its score, and the others go on. The last line says whether the answer
         *     is complete, and counts rows and errors. In CSV it begins with `# complete=`. Both ways may be compressed with gzip.
         */
        post: operations["predictBulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Score one customer, and say why
         * @description Shapley values: how much the value of each feature adds to the probability, compared to the background rows of the bundle. Explanations are computed while no predictions are, and refused first under load.
         */
        post: operations["explain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/explain/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Score up to 10 customers, and say why
         * @description One invalid customer refuses the whole batch; the errors name each one by its index.
         */
        post: operations["explainBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open Inference Protocol: tell what serves */
        get: operations["getServer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open Inference Protocol: the process answers, and no forward pass stalls */
        get: operations["getServerLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open Inference Protocol: the model is proven and takes requests */
        get: operations["getServerReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open Inference Protocol: tell the inputs and outputs of the model
         * @description A shape of -1 is the number of rows. Inputs may have the shape [rows] or [rows, 1].
         */
        get: operations["getModelMetadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open Inference Protocol: tell the inputs and outputs of a version of the model
         * @description A shape of -1 is the number of rows. Inputs may have the shape [rows] or [rows, 1].
         */
        get: operations["getModelMetadataOfVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open Inference Protocol: tell whether the model takes requests */
        get: operations["getModelReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}/versions/{version}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open Inference Protocol: tell whether a version of the model takes requests */
        get: operations["getModelReadyOfVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open Inference Protocol: score rows by the model
         * @description One tensor for each feature, or all numbers in one of the shape [rows, features]. Tensors may come and go as binary data behind the JSON, whose length is then in Inference-Header-Content-Length. One invalid row refuses the whole request; the error names rows, counted from 0, and features. churn_probability is not rounded.
         */
        post: operations["infer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{name}/versions/{version}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open Inference Protocol: score rows by a version of the model
         * @description One tensor for each feature, or all numbers in one of the shape [rows, features]. Tensors may come and go as binary data behind the JSON, whose length is then in Inference-Header-Content-Length. One invalid row refuses the whole request; the error names rows, counted from 0, and features. churn_probability is not rounded.
         */
        post: operations["inferByVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/model": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell which model is served, and how it was proven
         * @description What a manifest need not state (statistics, metrics, when the model was made) is absent if it does not.
         */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/model/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether live customers are still such as those of the training
         * @description Compares the features and scores of the last hour and the last day with those of the training, for all processes of this instance together.
         */
        get: operations["getDrift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell whether the service predicts, and with which model */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Liveness probe: the process answers, and no forward pass stalls
         * @description Kubernetes restarts a container whose liveness probe fails.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Readiness probe: the model is proven and takes requests
         * @description Kubernetes sends no traffic to a container whose readiness probe fails. It also fails while all MAX_CONNECTIONS are in use.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics for Prometheus
         * @description All processes of the service together, in Prometheus' text format.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One value of a body that is missing or invalid. */
        FieldError: {
            /** @description JSON pointer (RFC 6901) into the body; empty for the body itself. */
            pointer: string;
            /**
             * @description What is wrong, for programs.
             * @example too_large
             * @enum {string}
             */
            code: "missing" | "not_an_integer" | "not_a_number" | "not_a_boolean" | "not_a_text" | "not_an_array" | "not_an_object" | "too_small" | "too_large" | "too_long" | "unknown_category" | "too_few_items" | "too_many_items" | "invalid" | "model_output_invalid";
            /** @description What is wrong, for people. */
            detail: string;
        };
        /** @description Why a request was not served (RFC 9457). */
        Problem: {
            /**
             * Format: uri
             * @description Identifies the kind of problem.
             * @example urn:churn-model-api:problem:validation_failed
             */
            type: string;
            /**
             * @description The kind of problem, for people.
             * @example The body does not have the required fields and values
             */
            title: string;
            /**
             * @description The HTTP status.
             * @example 422
             */
            status: number;
            /**
             * @description What went wrong with this request.
             * @example 1 value is missing or invalid.
             */
            detail: string;
            /**
             * Format: uri-reference
             * @description The path that was asked.
             * @example /predict
             */
            instance: string;
            /**
             * @description The kind of problem, for programs. It never changes.
             * @example validation_failed
             * @enum {string}
             */
            code: "malformed_request" | "invalid_json" | "invalid_csv" | "json_too_deep" | "unauthorized" | "not_found" | "method_not_allowed" | "request_timeout" | "precondition_failed" | "payload_too_large" | "unsupported_media_type" | "range_not_satisfiable" | "validation_failed" | "rate_limited" | "headers_too_large" | "internal_error" | "model_output_invalid" | "explanations_unavailable" | "overloaded" | "model_not_ready" | "deadline_exceeded";
            /**
             * @description The id of the request, as in the header X-Request-Id and in the log.
             * @example 0b6e3c4e-7d0f-4a3c-9a53-2f1d8f6f1c55
             */
            request_id: string;
            /** @description With 422: each value that is missing or invalid, or the first 100 of them. */
            errors?: components["schemas"]["FieldError"][];
            /** @description With 422: how many values are missing or invalid, if `errors` does not list all of them. */
            error_count?: number;
        };
        /** @description Why a request of the Open Inference Protocol was not served. */
        InferenceError: {
            /** @description What went wrong with this request. */
            error: string;
        };
        /** @description What the model has to know of a customer. */
        Customer: {
            /**
             * @description Months as a customer.
             * @example 6
             */
            tenure_months: number;
            /**
             * @description Current monthly charge, in USD.
             * @example 79.99
             */
            monthly_charges: number;
            /**
             * @description Charged to date, in USD. The maximum is the greatest number that the model takes.
             * @example 479.94
             */
            total_charges: number;
            /**
             * @description Products subscribed to.
             * @example 1
             */
            num_products: number;
            /**
             * @description Whether the customer called support in the last 30 days: 1 if so, else 0.
             * @example 1
             */
            has_support_calls: number;
        };
        /** @description The score of one customer. */
        Prediction: {
            /**
             * @description Probability that the customer churns, rounded to 4 decimals.
             * @example 0.8889
             */
            churn_probability: number;
            /**
             * @description Whether the unrounded probability is at or above the model's decision threshold.
             * @example true
             */
            churn_prediction: boolean;
            /**
             * @description Tier of the unrounded probability by the model's thresholds.
             * @example HIGH
             * @enum {string}
             */
            risk_tier: "LOW" | "MEDIUM" | "HIGH";
            /**
             * @description Version of the model that answered.
             * @example 1.0.0
             */
            model_version: string;
        };
        /** @description Customers that are scored together. */
        CustomerBatch: {
            /**
             * @description The customers. The answers come back in the same order.
             * @example [
             *       {
             *         "tenure_months": 6,
             *         "monthly_charges": 79.99,
             *         "total_charges": 479.94,
             *         "num_products": 1,
             *         "has_support_calls": 1
             *       },
             *       {
             *         "tenure_months": 48,
             *         "monthly_charges": 45,
             *         "total_charges": 2160,
             *         "num_products": 3,
             *         "has_support_calls": 0
             *       }
             *     ]
             */
            customers: components["schemas"]["Customer"][];
        };
        /** @description The scores of a batch. */
        BatchPrediction: {
            /**
             * @description One prediction for each customer, in the order of the request.
             * @example [
             *       {
             *         "churn_probability": 0.8889,
             *         "churn_prediction": true,
             *         "risk_tier": "HIGH",
             *         "model_version": "1.0.0"
             *       },
             *       {
             *         "churn_probability": 0.0309,
             *         "churn_prediction": false,
             *         "risk_tier": "LOW",
             *         "model_version": "1.0.0"
             *       }
             *     ]
             */
            predictions: components["schemas"]["Prediction"][];
            /**
             * @description Number of predictions.
             * @example 2
             */
            batch_size: number;
            /**
             * @description Time for encoding the customers and the forward pass, in milliseconds with 2 decimals.
             * @example 1.84
             */
            latency_ms: number;
        };
        /** @description How the contributions were computed. */
        ExplanationMethod: {
            /**
             * @description exact over all coalitions of features, or an estimate from sampled ones.
             * @enum {string}
             */
            kind: "exact" | "sampled";
            /** @description Rows of the training side against which the customer is explained. */
            background_rows: number;
            /** @description Rows that the model scored. */
            model_evaluations: number;
        };
        /** @description What the value of one feature adds to the probability. */
        Contribution: {
            /** @description The field of the customer. */
            feature: string;
            /** @description The value that was sent; null if it is missing. */
            value: number | boolean | (string | null);
            /** @description Probability that this value adds, or takes away if it is negative. */
            contribution: number;
            /** @description Standard error of the contribution, if it is an estimate. */
            standard_error?: number;
        };
        /** @description The contributions that are not listed. */
        OtherContributions: {
            /** @description How many they are. */
            features: number;
            /** @description Their sum. */
            contribution: number;
        };
        /** @description The score of one customer, and its reasons. */
        Explanation: {
            /**
             * @description Probability that the customer churns, rounded to 4 decimals.
             * @example 0.8889
             */
            churn_probability: number;
            /**
             * @description Whether the unrounded probability is at or above the model's decision threshold.
             * @example true
             */
            churn_prediction: boolean;
            /**
             * @description Tier of the unrounded probability by the model's thresholds.
             * @example HIGH
             * @enum {string}
             */
            risk_tier: "LOW" | "MEDIUM" | "HIGH";
            /**
             * @description Version of the model that answered.
             * @example 1.0.0
             */
            model_version: string;
            /** @description Mean probability of the background rows: what is said of a customer of whom nothing is known. */
            base_probability: number;
            /** @description How the contributions were computed. */
            method: components["schemas"]["ExplanationMethod"];
            /** @description One for each feature, the strongest first. With base_probability they add up to the unrounded probability. */
            contributions: components["schemas"]["Contribution"][];
            /** @description With `top`: the contributions that are not listed. */
            others?: components["schemas"]["OtherContributions"];
        };
        /** @description Customers that are scored and explained together. */
        CustomersToExplain: {
            /**
             * @description The customers. The answers come back in the same order.
             * @example [
             *       {
             *         "tenure_months": 6,
             *         "monthly_charges": 79.99,
             *         "total_charges": 479.94,
             *         "num_products": 1,
             *         "has_support_calls": 1
             *       },
             *       {
             *         "tenure_months": 48,
             *         "monthly_charges": 45,
             *         "total_charges": 2160,
             *         "num_products": 3,
             *         "has_support_calls": 0
             *       }
             *     ]
             */
            customers: components["schemas"]["Customer"][];
        };
        /** @description The scores of several customers, and their reasons. */
        ExplanationBatch: {
            /** @description One explanation for each customer, in the order of the request. */
            explanations: components["schemas"]["Explanation"][];
            /** @description Number of explanations. */
            batch_size: number;
            /** @description Time from valid customers to their reasons, in milliseconds with 2 decimals. */
            latency_ms: number;
        };
        /** @description What serves. */
        ServerMetadata: {
            /** @description The name of the server. */
            name: string;
            /** @description The version of the server. */
            version: string;
            /** @description The extensions of the protocol that it supports. */
            extensions: string[];
        };
        /** @description Whether the server is alive. */
        ServerLive: {
            /** @description Whether it can answer. */
            live: boolean;
            /** @description Why not. */
            error?: string;
        };
        /** @description Whether the server is ready. */
        ServerReady: {
            /** @description Whether its model takes requests. */
            ready: boolean;
            /** @description Why not. */
            error?: string;
        };
        /** @description An input or an output of a model. */
        TensorMetadata: {
            /** @description Its name. An input has the name of its feature. */
            name: string;
            /**
             * @description The datatype of its elements.
             * @enum {string}
             */
            datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP32" | "FP64" | "BYTES";
            /** @description Its shape. -1 is the number of rows. */
            shape: number[];
        };
        /** @description A model, with every input and every output. */
        ModelMetadata: {
            /** @description The name of the model. */
            name: string;
            /** @description The version that is served. */
            versions: string[];
            /** @description What runs it. */
            platform: string;
            /** @description One for each feature. */
            inputs: components["schemas"]["TensorMetadata"][];
            /** @description What may be asked for. */
            outputs: components["schemas"]["TensorMetadata"][];
        };
        /** @description Whether a model is ready. */
        ModelReady: {
            /** @description The name of the model. */
            name: string;
            /** @description Whether it takes requests. */
            ready: boolean;
            /** @description Why not. */
            error?: string;
        };
        /** @description How a tensor is answered. */
        InferOutputParameters: {
            /** @description Its bytes among the binary data behind the JSON. */
            binary_data_size: number;
        };
        /** @description A tensor of the answer. */
        InferOutput: {
            /** @description Its name. */
            name: string;
            /**
             * @description The datatype of its elements.
             * @enum {string}
             */
            datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP32" | "FP64" | "BYTES";
            /** @description Its shape: [rows], or [rows, features]. */
            shape: number[];
            /** @description With binary data. */
            parameters?: components["schemas"]["InferOutputParameters"];
            /** @description Its elements, flat and row by row, unless they are binary data. */
            data?: unknown[];
        };
        /** @description What the model says of the rows. */
        InferAnswer: {
            /** @description The model that answered. */
            model_name: string;
            /** @description Its version. */
            model_version: string;
            /** @description That of the request, if it had one. */
            id?: string;
            /** @description In the order in which they were asked for. */
            outputs: components["schemas"]["InferOutput"][];
        };
        /** @description How outputs are answered. Other parameters are ignored. */
        InferParameters: {
            /** @description Whether outputs are answered as binary data if they do not say so themselves. */
            binary_data_output?: boolean | null;
        };
        /** @description How a tensor is sent. Other parameters are ignored. */
        InferInputParameters: {
            /** @description Its bytes among the binary data behind the JSON, in place of `data`. */
            binary_data_size?: number | null;
        };
        /** @description A tensor: the values of one feature, or of all. */
        InferInput: {
            /** @description The name of the feature. A matrix of all features may have any other name. */
            name: string;
            /** @description Its shape: [rows], [rows, 1] or [rows, features]. */
            shape: number[];
            /**
             * @description The datatype of its elements. A number may come in any datatype of numbers.
             * @enum {string}
             */
            datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP32" | "FP64" | "BYTES";
            /** @description How it is sent. */
            parameters?: components["schemas"]["InferInputParameters"] | null;
            /** @description Its elements, flat or nested, row by row. null is a missing value. */
            data: unknown[];
        };
        /** @description How an output is answered. Others are ignored. */
        RequestedOutputParameters: {
            /** @description Whether it is answered as binary data behind the JSON. */
            binary_data?: boolean | null;
        };
        /** @description An output that is asked for. */
        RequestedOutput: {
            /**
             * @description Its name.
             * @example churn_probability
             */
            name: string;
            /** @description How it is answered. */
            parameters?: components["schemas"]["RequestedOutputParameters"] | null;
        };
        /** @description Rows to score, as tensors. */
        InferRequest: {
            /** @description Comes back in the answer. */
            id?: string | null;
            /** @description How outputs are answered. */
            parameters?: components["schemas"]["InferParameters"] | null;
            /** @description The tensors. */
            inputs: components["schemas"]["InferInput"][];
            /** @description The outputs that are asked for. Without them churn_probability, churn_prediction and risk_tier. */
            outputs?: components["schemas"]["RequestedOutput"][] | null;
        };
        /** @description What the start of the service proved of the model, on inputs whose probabilities the training computed. */
        ModelVerification: {
            /** @description Whether the model is proven to answer as it did in training. If not, its manifest has no golden rows. */
            verified: boolean;
            /** @description Number of inputs that were compared. */
            golden_rows?: number;
            /** @description How many of these were asked alone too. All were asked in one batch. */
            rows_alone?: number;
            /** @description Greatest absolute difference between a probability and that of the training. */
            worst_difference?: number;
            /** @description Greatest difference with which the model would have been served. */
            tolerance?: number;
            /** @description Why the tolerance is not the default. Absent if it is. */
            tolerance_reason?: string;
        };
        /** @description What a person accepted at the export. */
        AcceptedDifferences: {
            /** @description Greatest share of differing rows. */
            share: number;
            /** @description Why they may differ. */
            reason: string;
        };
        /** @description How far the graph was from the trained model at the export, on reference rows and on others that the data could have. */
        ModelComparison: {
            /** @description Number of rows that were compared. */
            rows: number;
            /** @description Rows that differ by more than the tolerance. */
            differing_rows: number;
            /** @description Greatest absolute difference of a probability. */
            worst_difference: number;
            /** @description Differing rows on which the graph decides otherwise than the trained model. */
            flipped_decisions: number;
            /** @description Absent if no row may differ. */
            accepted?: components["schemas"]["AcceptedDifferences"];
        };
        /** @description Which numbers the API takes. */
        FeatureBounds: {
            /** @description Least value. */
            minimum: number;
            /** @description Greatest value. */
            maximum: number;
        };
        /** @description How many values lie in which bin. */
        Histogram: {
            /** @description Bin i holds the values from edges[i], included, to edges[i+1], excluded; the last bin includes both. */
            edges: number[];
            /** @description Number of values in each bin. */
            counts: number[];
        };
        /** @description Which values the model was trained on. */
        FeatureStatistics: {
            /** @description Share of missing values. */
            missing_ratio: number;
            /** @description Least value of a number. */
            minimum?: number;
            /** @description Greatest value of a number. */
            maximum?: number;
            /** @description Arithmetic mean of a number. */
            mean?: number;
            /** @description Quantiles of a number by their level. */
            quantiles?: {
                [key: string]: number;
            };
            /** @description The numbers in bins. */
            histogram?: components["schemas"]["Histogram"];
            /** @description Rows by value, of a boolean or a category. */
            counts?: {
                [key: string]: number;
            };
        };
        /** @description One feature of the model, which is a field of a customer. */
        ModelFeature: {
            /** @description Name of the field. */
            name: string;
            /**
             * @description A category is sent as a string.
             * @enum {string}
             */
            type: "integer" | "number" | "boolean" | "category";
            /** @description For people. Absent if the manifest states none. */
            description?: string;
            /** @description Unit of a number, if the manifest states one. */
            unit?: string;
            /** @description Whether the value may be missing: null, or left out. */
            nullable: boolean;
            /** @description Which numbers the API takes. Where they reach beyond those of the training, the model extrapolates. */
            bounds?: components["schemas"]["FeatureBounds"];
            /** @description The categories that the model knows. */
            categories?: string[];
            /**
             * @description Whether the API takes a category that the model does not know.
             * @enum {string}
             */
            unknown?: "refuse" | "accept";
            /** @description The value of the documented customer. Absent if it is missing. */
            example?: number | boolean | string;
            /** @description Which values the model was trained on. Absent if the manifest states none. */
            statistics?: components["schemas"]["FeatureStatistics"];
        };
        /** @description Least unrounded probability for each decision. */
        ModelThresholds: {
            /** @description From here on churn is predicted. */
            decision: number;
            /** @description From here on the risk tier is MEDIUM, below it LOW. */
            medium: number;
            /** @description From here on the risk tier is HIGH. */
            high: number;
        };
        /** @description Customers of known outcome whom the model gave about the same probability. */
        CalibrationBin: {
            /** @description Mean of the probabilities. */
            mean_probability: number;
            /** @description Share of the customers who churned. A well calibrated model has nearly the same mean. */
            churn_ratio: number;
            /** @description Number of customers. */
            rows: number;
        };
        /** @description The data that the statistics of the features describe. */
        ModelReference: {
            /** @description Number of rows. */
            rows: number;
            /** @description The probabilities that the model gives for them, in bins. */
            probability_histogram: components["schemas"]["Histogram"];
            /** @description How often customers churned, by the probability that the model gave them, in ascending bins. Absent if the manifest does not state it. */
            calibration?: components["schemas"]["CalibrationBin"][];
        };
        /** @description What scores are explained with. */
        ModelExplanations: {
            /** @description Rows of the training side against which customers are explained. */
            background_rows: number;
            /** @description Mean probability of these rows. */
            base_probability: number;
            /** @description Explanations of the training side to which those of the service were compared at the start. */
            golden_explanations: number;
        };
        /** @description How the process that answered runs forward passes. */
        ModelInference: {
            /** @description What computes them, by the name that onnxruntime has for it. */
            execution_provider: string;
            /** @description Threads that run them; 0 if the event loop does. */
            threads: number;
            /** @description Most rows of one pass, which requests that wait at the same time share. */
            max_batch_rows: number;
        };
        /** @description A model that scores the same customers and answers nobody. */
        ShadowCandidate: {
            /**
             * @description ready: it scores. starting, restarting: it will. refused: it does not; the log says why. With several workers, that of the one that answers.
             * @enum {string}
             */
            state: "starting" | "ready" | "restarting" | "refused";
            /** @description Its name. Absent if its bundle cannot be read. */
            name?: string;
            /** @description Its version. */
            version?: string;
            /** @description SHA-256 of its file, in hex. */
            sha256?: string;
        };
        /** @description The model that is served. */
        ModelInfo: {
            /** @description The manifest's name of the model, or the name of its file. */
            name: string;
            /** @description The version that every prediction names. */
            version: string;
            /** @description SHA-256 of the ONNX file. */
            sha256: string;
            /** @description When the model was exported. Absent if the manifest does not state it. */
            created_at?: string;
            /** @description What was proven at the start. */
            verification: components["schemas"]["ModelVerification"];
            /** @description What the export proved. Absent if the manifest does not state it. */
            comparison?: components["schemas"]["ModelComparison"];
            /** @description The contract: the fields of a customer. */
            features: components["schemas"]["ModelFeature"][];
            /** @description What is made of a probability. */
            thresholds: components["schemas"]["ModelThresholds"];
            /** @description How good the model is on data that it was not trained on. Absent if the manifest does not state it. */
            metrics?: {
                [key: string]: number;
            };
            /** @description The data that the statistics describe. Absent if the manifest does not state them. */
            reference?: components["schemas"]["ModelReference"];
            /** @description What scores are explained with. Absent if the bundle has no background rows. */
            explanations?: components["schemas"]["ModelExplanations"];
            /** @description How forward passes are run. */
            inference: components["schemas"]["ModelInference"];
            /** @description The candidate that scores beside it. Absent if there is none. */
            shadow?: components["schemas"]["ShadowCandidate"];
            /** @description The version of the service, which changes apart from that of the model. */
            service_version: string;
        };
        /** @description Values that are counted together. */
        DriftBin: {
            /**
             * @description `known` values are in the training data. `below` and `above` are numbers beyond those of the training; `unknown` is a category that the model does not know.
             * @enum {string}
             */
            kind: "known" | "below" | "above" | "unknown" | "missing";
            /** @description The values: a category, `true` or `false`, or a range, such as `[0, 6)` without 6. */
            bin: string;
            /** @description Rows of the training in the bin. */
            training_rows: number;
            /** @description Rows that were scored in the window, in the bin. */
            live_rows: number;
        };
        /** @description How far live values are from those of the training. */
        Drift: {
            /**
             * @description `stable`: PSI is below 0.1. `moderate`: it is from 0.1 to 0.25. `significant`: it is above 0.25. `too_few_rows`: chance alone explains PSI, or could hide a significant drift.
             * @enum {string}
             */
            verdict: "stable" | "moderate" | "significant" | "too_few_rows";
            /** @description The population stability index against the training. Absent if there are no rows. */
            psi?: number;
            /** @description Chance alone explains a PSI up to here: without any drift, a report with one that is greater is one in a hundred. Absent if there are no rows. */
            psi_by_chance?: number;
            /** @description The two histograms: of the training, and of the window. */
            bins: components["schemas"]["DriftBin"][];
        };
        /** @description How far the values of a feature are from those of the training. */
        FeatureDrift: {
            /**
             * @description `stable`: PSI is below 0.1. `moderate`: it is from 0.1 to 0.25. `significant`: it is above 0.25. `too_few_rows`: chance alone explains PSI, or could hide a significant drift.
             * @enum {string}
             */
            verdict: "stable" | "moderate" | "significant" | "too_few_rows";
            /** @description The population stability index against the training. Absent if there are no rows. */
            psi?: number;
            /** @description Chance alone explains a PSI up to here: without any drift, a report with one that is greater is one in a hundred. Absent if there are no rows. */
            psi_by_chance?: number;
            /** @description The two histograms: of the training, and of the window. */
            bins: components["schemas"]["DriftBin"][];
            /** @description Name of the feature. */
            name: string;
            /** @description Share of the rows whose value is missing. Absent if there are no rows. */
            missing_ratio?: number;
            /** @description Share of the rows with a category that the model does not know. Absent if there are no rows. */
            unknown_ratio?: number;
            /** @description Share of the rows with a number below the least or above the greatest of the training. Absent if there are no rows. */
            out_of_range_ratio?: number;
        };
        /** @description What was scored in some time, which ends now. */
        DriftWindow: {
            /**
             * @description The time that was asked for.
             * @enum {string}
             */
            window: "1h" | "24h";
            /** @description The time that was counted: shorter if the service started later, and up to five minutes longer otherwise. */
            covered_seconds: number;
            /** @description Rows that were scored. */
            rows: number;
            /** @description Features whose drift is moderate or significant. */
            drifted_features: string[];
            /** @description The probabilities. Absent if the manifest does not state those of the training. */
            scores?: components["schemas"]["Drift"];
            /** @description The watched features, as in the contract. */
            features: components["schemas"]["FeatureDrift"][];
        };
        /** @description Whether live customers are still such as those of the training. */
        DriftReport: {
            /** @description The version that every prediction names. */
            model_version: string;
            /** @description Names the bins and their rows of the training. In the metrics it is a label. */
            reference: string;
            /** @description Features that are not watched, since the manifest has no statistics of them or there are too many. */
            unwatched_features: string[];
            /** @description The last hour and the last day. */
            windows: components["schemas"]["DriftWindow"][];
        };
        /** @description Whether the service predicts, and with which model. */
        Health: {
            /**
             * @description Healthy as long as the model takes requests.
             * @example healthy
             * @enum {string}
             */
            status: "healthy" | "unhealthy";
            /**
             * @description Whether the model is loaded and takes requests.
             * @example true
             */
            model_loaded: boolean;
            /**
             * @description Version of the served model.
             * @example 1.0.0
             */
            model_version: string;
            /**
             * @description Seconds since the process started.
             * @example 12.3
             */
            uptime_seconds: number;
            /**
             * @description Present and false only if the model is served without proof that it answers as it did in training.
             * @enum {boolean}
             */
            model_verified?: false;
        };
        /** @description The result of a probe, in Terminus's own format. */
        HealthCheck: {
            /**
             * @description Only ok passes.
             * @example ok
             * @enum {string}
             */
            status: "ok" | "error" | "shutting_down";
            /**
             * @description What is up.
             * @example {
             *       "model": {
             *         "status": "up",
             *         "version": "1.0.0",
             *         "verified": true
             *       }
             *     }
             */
            info: {
                [key: string]: {
                    /**
                     * @description Whether it passed.
                     * @enum {string}
                     */
                    status: "up" | "down";
                } & {
                    [key: string]: unknown;
                };
            };
            /**
             * @description What is down.
             * @example {}
             */
            error: {
                [key: string]: {
                    /**
                     * @description Whether it passed.
                     * @enum {string}
                     */
                    status: "up" | "down";
                } & {
                    [key: string]: unknown;
                };
            };
            /**
             * @description All that was checked.
             * @example {
             *       "model": {
             *         "status": "up",
             *         "version": "1.0.0",
             *         "verified": true
             *       }
             *     }
             */
            details: {
                [key: string]: {
                    /**
                     * @description Whether it passed.
                     * @enum {string}
                     */
                    status: "up" | "down";
                } & {
                    [key: string]: unknown;
                };
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    predict: {
        parameters: {
            query?: never;
            header?: {
                /** @description How long the caller will wait for the answer, in milliseconds; no longer than the service allows. */
                "X-Request-Timeout-Ms"?: number;
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Customer"];
            };
        };
        responses: {
            /** @description The score of the customer. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prediction"];
                };
            };
            /** @description The request could not be read (malformed_request). The body is not JSON (invalid_json). The JSON body is nested too deeply (json_too_deep). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive (request_timeout). */
            408: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (payload_too_large). */
            413: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has an unsupported type, charset or encoding (unsupported_media_type). */
            415: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body does not have the required fields and values (validation_failed). */
            422: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed to answer (internal_error). The model gave no valid probability (model_output_invalid). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The model is not ready (model_not_ready). Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The answer would have come too late (deadline_exceeded). */
            504: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    predictBatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description How long the caller will wait for the answer, in milliseconds; no longer than the service allows. */
                "X-Request-Timeout-Ms"?: number;
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerBatch"];
            };
        };
        responses: {
            /** @description The scores, in the order of the customers. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPrediction"];
                };
            };
            /** @description The request could not be read (malformed_request). The body is not JSON (invalid_json). The JSON body is nested too deeply (json_too_deep). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive (request_timeout). */
            408: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (payload_too_large). */
            413: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has an unsupported type, charset or encoding (unsupported_media_type). */
            415: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body does not have the required fields and values (validation_failed). */
            422: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed to answer (internal_error). The model gave no valid probability (model_output_invalid). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The model is not ready (model_not_ready). Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The answer would have come too late (deadline_exceeded). */
            504: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    predictBulk: {
        parameters: {
            query?: {
                /** @description Columns that are copied into the answer, separated by commas. */
                keep?: string;
            };
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The file. */
        requestBody: {
            content: {
                "text/csv": string;
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description The scores, and a last line that says whether they are complete. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example churn_probability,churn_prediction,risk_tier,model_version,errors
                     *     0.8889,true,HIGH,1.0.0,
                     *     # complete=true rows=1 errors=0 model_version=1.0.0 model_sha256=2acaefe0b3da07e6ef7f2ec6b9445163cca6cb33f0f7873047b9363f1daf74c0,,,,
                     */
                    "text/csv": string;
                    /**
                     * @example {"churn_probability":0.8889,"churn_prediction":true,"risk_tier":"HIGH","model_version":"1.0.0"}
                     *     {"complete":true,"rows":1,"errors":0,"model_version":"1.0.0","model_sha256":"2acaefe0b3da07e6ef7f2ec6b9445163cca6cb33f0f7873047b9363f1daf74c0"}
                     */
                    "application/x-ndjson": string;
                };
            };
            /** @description The request could not be read (malformed_request). The body is not CSV with a header (invalid_csv). The body is not JSON (invalid_json). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive (request_timeout). */
            408: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has an unsupported type, charset or encoding (unsupported_media_type). */
            415: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body does not have the required fields and values (validation_failed). */
            422: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The model is not ready (model_not_ready). Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explain: {
        parameters: {
            query?: {
                /** @description How many contributions to list, the strongest first. The others are added up. */
                top?: number;
            };
            header?: {
                /** @description How long the caller will wait for the answer, in milliseconds; no longer than the service allows. */
                "X-Request-Timeout-Ms"?: number;
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Customer"];
            };
        };
        responses: {
            /** @description The score of the customer, and its reasons. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "churn_probability": 0.8889,
                     *       "churn_prediction": true,
                     *       "risk_tier": "HIGH",
                     *       "model_version": "1.0.0",
                     *       "base_probability": 0.25887097977101803,
                     *       "method": {
                     *         "kind": "exact",
                     *         "background_rows": 128,
                     *         "model_evaluations": 2809
                     *       },
                     *       "contributions": [
                     *         {
                     *           "feature": "tenure_months",
                     *           "value": 6,
                     *           "contribution": 0.25290815291227703
                     *         },
                     *         {
                     *           "feature": "has_support_calls",
                     *           "value": 1,
                     *           "contribution": 0.2019987954564085
                     *         },
                     *         {
                     *           "feature": "num_products",
                     *           "value": 1,
                     *           "contribution": 0.10174149800247212
                     *         },
                     *         {
                     *           "feature": "monthly_charges",
                     *           "value": 79.99,
                     *           "contribution": 0.0813281377156575
                     *         },
                     *         {
                     *           "feature": "total_charges",
                     *           "value": 479.94,
                     *           "contribution": -0.007926064605514241
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            /** @description The request could not be read (malformed_request). The body is not JSON (invalid_json). The JSON body is nested too deeply (json_too_deep). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive (request_timeout). */
            408: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (payload_too_large). */
            413: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has an unsupported type, charset or encoding (unsupported_media_type). */
            415: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body does not have the required fields and values (validation_failed). */
            422: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed to answer (internal_error). The model gave no valid probability (model_output_invalid). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The served model cannot be explained (explanations_unavailable). */
            501: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The model is not ready (model_not_ready). Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The answer would have come too late (deadline_exceeded). */
            504: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainBatch: {
        parameters: {
            query?: {
                /** @description How many contributions to list, the strongest first. The others are added up. */
                top?: number;
            };
            header?: {
                /** @description How long the caller will wait for the answer, in milliseconds; no longer than the service allows. */
                "X-Request-Timeout-Ms"?: number;
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomersToExplain"];
            };
        };
        responses: {
            /** @description The scores and their reasons, in the order of the customers. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplanationBatch"];
                };
            };
            /** @description The request could not be read (malformed_request). The body is not JSON (invalid_json). The JSON body is nested too deeply (json_too_deep). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive (request_timeout). */
            408: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (payload_too_large). */
            413: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has an unsupported type, charset or encoding (unsupported_media_type). */
            415: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body does not have the required fields and values (validation_failed). */
            422: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed to answer (internal_error). The model gave no valid probability (model_output_invalid). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The served model cannot be explained (explanations_unavailable). */
            501: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The model is not ready (model_not_ready). Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The answer would have come too late (deadline_exceeded). */
            504: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getServer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server and its extensions. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "churn-model-api",
                     *       "version": "1.0.0",
                     *       "extensions": [
                     *         "binary_tensor_data"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ServerMetadata"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
        };
    };
    getServerLive: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server is alive. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "live": true
                     *     }
                     */
                    "application/json": components["schemas"]["ServerLive"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description A forward pass does not end. */
            503: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "live": false,
                     *       "error": "A forward pass does not end."
                     *     }
                     */
                    "application/json": components["schemas"]["ServerLive"];
                };
            };
        };
    };
    getServerReady: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model takes requests. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": true
                     *     }
                     */
                    "application/json": components["schemas"]["ServerReady"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The model takes no requests. */
            503: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": false,
                     *       "error": "The model is draining."
                     *     }
                     */
                    "application/json": components["schemas"]["ServerReady"];
                };
            };
        };
    };
    getModelMetadata: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The name of the served model. */
                name: "churn_model";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "churn_model",
                     *       "versions": [
                     *         "1.0.0"
                     *       ],
                     *       "platform": "onnxruntime_onnx",
                     *       "inputs": [
                     *         {
                     *           "name": "tenure_months",
                     *           "datatype": "INT64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "monthly_charges",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "total_charges",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "num_products",
                     *           "datatype": "INT64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "has_support_calls",
                     *           "datatype": "INT64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         }
                     *       ],
                     *       "outputs": [
                     *         {
                     *           "name": "churn_probability",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "churn_prediction",
                     *           "datatype": "BOOL",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "risk_tier",
                     *           "datatype": "BYTES",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "contributions",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             -1,
                     *             5
                     *           ]
                     *         },
                     *         {
                     *           "name": "base_probability",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ModelMetadata"];
                };
            };
            /** @description The request could not be read (malformed_request). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description Nothing is served at this path (not_found). */
            404: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
        };
    };
    getModelMetadataOfVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The name of the served model. */
                name: "churn_model";
                /** @description The version of the served model. */
                version: "1.0.0";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "churn_model",
                     *       "versions": [
                     *         "1.0.0"
                     *       ],
                     *       "platform": "onnxruntime_onnx",
                     *       "inputs": [
                     *         {
                     *           "name": "tenure_months",
                     *           "datatype": "INT64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "monthly_charges",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "total_charges",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "num_products",
                     *           "datatype": "INT64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "has_support_calls",
                     *           "datatype": "INT64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         }
                     *       ],
                     *       "outputs": [
                     *         {
                     *           "name": "churn_probability",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "churn_prediction",
                     *           "datatype": "BOOL",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "risk_tier",
                     *           "datatype": "BYTES",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         },
                     *         {
                     *           "name": "contributions",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             -1,
                     *             5
                     *           ]
                     *         },
                     *         {
                     *           "name": "base_probability",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             -1
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ModelMetadata"];
                };
            };
            /** @description The request could not be read (malformed_request). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description Nothing is served at this path (not_found). */
            404: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
        };
    };
    getModelReady: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The name of the served model. */
                name: "churn_model";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model takes requests. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "churn_model",
                     *       "ready": true
                     *     }
                     */
                    "application/json": components["schemas"]["ModelReady"];
                };
            };
            /** @description The request could not be read (malformed_request). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description Nothing is served at this path (not_found). */
            404: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The model takes no requests, or too many requests wait for an answer. */
            503: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "churn_model",
                     *       "ready": false,
                     *       "error": "The model is draining."
                     *     }
                     */
                    "application/json": components["schemas"]["ModelReady"];
                };
            };
        };
    };
    getModelReadyOfVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The name of the served model. */
                name: "churn_model";
                /** @description The version of the served model. */
                version: "1.0.0";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model takes requests. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "churn_model",
                     *       "ready": true
                     *     }
                     */
                    "application/json": components["schemas"]["ModelReady"];
                };
            };
            /** @description The request could not be read (malformed_request). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description Nothing is served at this path (not_found). */
            404: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The model takes no requests, or too many requests wait for an answer. */
            503: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "churn_model",
                     *       "ready": false,
                     *       "error": "The model is draining."
                     *     }
                     */
                    "application/json": components["schemas"]["ModelReady"];
                };
            };
        };
    };
    infer: {
        parameters: {
            query?: never;
            header?: {
                /** @description How long the caller will wait for the answer, in milliseconds; no longer than the service allows. */
                "X-Request-Timeout-Ms"?: number;
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The name of the served model. */
                name: "churn_model";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InferRequest"];
            };
        };
        responses: {
            /** @description The outputs that were asked for, or churn_probability, churn_prediction and risk_tier. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model_name": "churn_model",
                     *       "model_version": "1.0.0",
                     *       "id": "example-1",
                     *       "outputs": [
                     *         {
                     *           "name": "churn_probability",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             1
                     *           ],
                     *           "data": [
                     *             0.8889220952987671
                     *           ]
                     *         },
                     *         {
                     *           "name": "churn_prediction",
                     *           "datatype": "BOOL",
                     *           "shape": [
                     *             1
                     *           ],
                     *           "data": [
                     *             true
                     *           ]
                     *         },
                     *         {
                     *           "name": "risk_tier",
                     *           "datatype": "BYTES",
                     *           "shape": [
                     *             1
                     *           ],
                     *           "data": [
                     *             "HIGH"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InferAnswer"];
                    "application/octet-stream": string;
                };
            };
            /** @description The request could not be read (malformed_request). The body is not JSON (invalid_json). The JSON body is nested too deeply (json_too_deep). The body does not have the required fields and values (validation_failed). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description Nothing is served at this path (not_found). */
            404: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The request took too long to arrive (request_timeout). */
            408: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The body is too large (payload_too_large). */
            413: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The body has an unsupported type, charset or encoding (unsupported_media_type). */
            415: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The service failed to answer (internal_error). The model gave no valid probability (model_output_invalid). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The model is not ready (model_not_ready). Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The answer would have come too late (deadline_exceeded). */
            504: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
        };
    };
    inferByVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description How long the caller will wait for the answer, in milliseconds; no longer than the service allows. */
                "X-Request-Timeout-Ms"?: number;
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The name of the served model. */
                name: "churn_model";
                /** @description The version of the served model. */
                version: "1.0.0";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InferRequest"];
            };
        };
        responses: {
            /** @description The outputs that were asked for, or churn_probability, churn_prediction and risk_tier. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model_name": "churn_model",
                     *       "model_version": "1.0.0",
                     *       "id": "example-1",
                     *       "outputs": [
                     *         {
                     *           "name": "churn_probability",
                     *           "datatype": "FP64",
                     *           "shape": [
                     *             1
                     *           ],
                     *           "data": [
                     *             0.8889220952987671
                     *           ]
                     *         },
                     *         {
                     *           "name": "churn_prediction",
                     *           "datatype": "BOOL",
                     *           "shape": [
                     *             1
                     *           ],
                     *           "data": [
                     *             true
                     *           ]
                     *         },
                     *         {
                     *           "name": "risk_tier",
                     *           "datatype": "BYTES",
                     *           "shape": [
                     *             1
                     *           ],
                     *           "data": [
                     *             "HIGH"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InferAnswer"];
                    "application/octet-stream": string;
                };
            };
            /** @description The request could not be read (malformed_request). The body is not JSON (invalid_json). The JSON body is nested too deeply (json_too_deep). The body does not have the required fields and values (validation_failed). */
            400: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description Nothing is served at this path (not_found). */
            404: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The request took too long to arrive (request_timeout). */
            408: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The body is too large (payload_too_large). */
            413: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The body has an unsupported type, charset or encoding (unsupported_media_type). */
            415: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The service failed to answer (internal_error). The model gave no valid probability (model_output_invalid). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The model is not ready (model_not_ready). Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
            /** @description The answer would have come too late (deadline_exceeded). */
            504: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferenceError"];
                };
            };
        };
    };
    getModel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The served model. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "churn_model",
                     *       "version": "1.0.0",
                     *       "sha256": "2acaefe0b3da07e6ef7f2ec6b9445163cca6cb33f0f7873047b9363f1daf74c0",
                     *       "created_at": "2026-11-26T12:04:37Z",
                     *       "verification": {
                     *         "verified": true,
                     *         "golden_rows": 96,
                     *         "rows_alone": 98,
                     *         "worst_difference": 2.3890177491825426e-7,
                     *         "tolerance": 0.00001
                     *       },
                     *       "features": [
                     *         {
                     *           "name": "tenure_months",
                     *           "type": "integer",
                     *           "description": "Months as a customer.",
                     *           "nullable": false,
                     *           "bounds": {
                     *             "minimum": 0,
                     *             "maximum": 120
                     *           },
                     *           "example": 6,
                     *           "statistics": {
                     *             "missing_ratio": 0,
                     *             "minimum": 0,
                     *             "maximum": 120,
                     *             "mean": 34.29371428571429,
                     *             "quantiles": {
                     *               "0.01": 0,
                     *               "0.05": 3,
                     *               "0.25": 13,
                     *               "0.5": 26,
                     *               "0.75": 48,
                     *               "0.95": 95,
                     *               "0.99": 120
                     *             },
                     *             "histogram": {
                     *               "edges": [
                     *                 0,
                     *                 6,
                     *                 12,
                     *                 18,
                     *                 24,
                     *                 30,
                     *                 36,
                     *                 42,
                     *                 48,
                     *                 54,
                     *                 60,
                     *                 66,
                     *                 72,
                     *                 78,
                     *                 84,
                     *                 90,
                     *                 96,
                     *                 102,
                     *                 108,
                     *                 114,
                     *                 120
                     *               ],
                     *               "counts": [
                     *                 538,
                     *                 642,
                     *                 630,
                     *                 560,
                     *                 518,
                     *                 413,
                     *                 334,
                     *                 291,
                     *                 230,
                     *                 187,
                     *                 145,
                     *                 130,
                     *                 112,
                     *                 93,
                     *                 87,
                     *                 82,
                     *                 51,
                     *                 40,
                     *                 38,
                     *                 129
                     *               ]
                     *             }
                     *           }
                     *         },
                     *         {
                     *           "name": "monthly_charges",
                     *           "type": "number",
                     *           "description": "Current monthly charge",
                     *           "nullable": false,
                     *           "unit": "USD",
                     *           "bounds": {
                     *             "minimum": 0,
                     *             "maximum": 500
                     *           },
                     *           "example": 79.99,
                     *           "statistics": {
                     *             "missing_ratio": 0,
                     *             "minimum": 15,
                     *             "maximum": 153.22,
                     *             "mean": 59.887121904761905,
                     *             "quantiles": {
                     *               "0.01": 15,
                     *               "0.05": 15.61,
                     *               "0.25": 41.302499999999995,
                     *               "0.5": 58.955,
                     *               "0.75": 77.11250000000001,
                     *               "0.95": 102.86,
                     *               "0.99": 122.66100000000002
                     *             },
                     *             "histogram": {
                     *               "edges": [
                     *                 15,
                     *                 21.911,
                     *                 28.822,
                     *                 35.733,
                     *                 42.644,
                     *                 49.555,
                     *                 56.465999999999994,
                     *                 63.376999999999995,
                     *                 70.288,
                     *                 77.199,
                     *                 84.11,
                     *                 91.021,
                     *                 97.93199999999999,
                     *                 104.84299999999999,
                     *                 111.75399999999999,
                     *                 118.66499999999999,
                     *                 125.576,
                     *                 132.487,
                     *                 139.398,
                     *                 146.309,
                     *                 153.22
                     *               ],
                     *               "counts": [
                     *                 407,
                     *                 248,
                     *                 309,
                     *                 430,
                     *                 472,
                     *                 558,
                     *                 540,
                     *                 531,
                     *                 450,
                     *                 349,
                     *                 329,
                     *                 238,
                     *                 177,
                     *                 80,
                     *                 60,
                     *                 33,
                     *                 19,
                     *                 13,
                     *                 5,
                     *                 2
                     *               ]
                     *             }
                     *           }
                     *         },
                     *         {
                     *           "name": "total_charges",
                     *           "type": "number",
                     *           "description": "Charged to date",
                     *           "nullable": false,
                     *           "unit": "USD",
                     *           "bounds": {
                     *             "minimum": 0,
                     *             "maximum": 3.4028235677973362e+38
                     *           },
                     *           "example": 479.94,
                     *           "statistics": {
                     *             "missing_ratio": 0,
                     *             "minimum": 0,
                     *             "maximum": 15701.19,
                     *             "mean": 2047.7454876190473,
                     *             "quantiles": {
                     *               "0.01": 0,
                     *               "0.05": 134.0285,
                     *               "0.25": 602.3824999999999,
                     *               "0.5": 1413.3,
                     *               "0.75": 2732.08,
                     *               "0.95": 6223.459000000004,
                     *               "0.99": 9400.370800000006
                     *             },
                     *             "histogram": {
                     *               "edges": [
                     *                 0,
                     *                 785.0595000000001,
                     *                 1570.1190000000001,
                     *                 2355.1785,
                     *                 3140.2380000000003,
                     *                 3925.2975000000006,
                     *                 4710.357,
                     *                 5495.4165,
                     *                 6280.476000000001,
                     *                 7065.535500000001,
                     *                 7850.595000000001,
                     *                 8635.6545,
                     *                 9420.714,
                     *                 10205.773500000001,
                     *                 10990.833,
                     *                 11775.892500000002,
                     *                 12560.952000000001,
                     *                 13346.0115,
                     *                 14131.071000000002,
                     *                 14916.130500000001,
                     *                 15701.19
                     *               ],
                     *               "counts": [
                     *                 1654,
                     *                 1161,
                     *                 860,
                     *                 482,
                     *                 316,
                     *                 228,
                     *                 173,
                     *                 119,
                     *                 71,
                     *                 65,
                     *                 34,
                     *                 35,
                     *                 18,
                     *                 12,
                     *                 6,
                     *                 7,
                     *                 4,
                     *                 3,
                     *                 1,
                     *                 1
                     *               ]
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "thresholds": {
                     *         "decision": 0.5,
                     *         "medium": 0.4,
                     *         "high": 0.7
                     *       },
                     *       "metrics": {
                     *         "roc_auc": 0.823188509397642,
                     *         "log_loss": 0.43531348375466566,
                     *         "brier_score": 0.14060962062365523,
                     *         "expected_calibration_error": 0.024431419045723154,
                     *         "held_out_rows": 1750,
                     *         "held_out_churn_rate": 0.25885714285714284
                     *       },
                     *       "reference": {
                     *         "rows": 5250,
                     *         "probability_histogram": {
                     *           "edges": [
                     *             0,
                     *             0.05,
                     *             0.1,
                     *             0.15000000000000002,
                     *             0.2,
                     *             0.25,
                     *             0.30000000000000004,
                     *             0.35000000000000003,
                     *             0.4,
                     *             0.45,
                     *             0.5,
                     *             0.55,
                     *             0.6000000000000001,
                     *             0.65,
                     *             0.7000000000000001,
                     *             0.75,
                     *             0.8,
                     *             0.8500000000000001,
                     *             0.9,
                     *             0.9500000000000001,
                     *             1
                     *           ],
                     *           "counts": [
                     *             1066,
                     *             631,
                     *             524,
                     *             464,
                     *             395,
                     *             349,
                     *             277,
                     *             230,
                     *             246,
                     *             176,
                     *             146,
                     *             144,
                     *             137,
                     *             135,
                     *             105,
                     *             88,
                     *             83,
                     *             45,
                     *             9,
                     *             0
                     *           ]
                     *         },
                     *         "calibration": [
                     *           {
                     *             "mean_probability": 0.00889335968696719,
                     *             "churn_ratio": 0.017142857142857144,
                     *             "rows": 175
                     *           },
                     *           {
                     *             "mean_probability": 0.03437176982399297,
                     *             "churn_ratio": 0.04,
                     *             "rows": 175
                     *           },
                     *           {
                     *             "mean_probability": 0.07048182311872332,
                     *             "churn_ratio": 0.045714285714285714,
                     *             "rows": 175
                     *           },
                     *           {
                     *             "mean_probability": 0.11306769344861309,
                     *             "churn_ratio": 0.15428571428571428,
                     *             "rows": 175
                     *           },
                     *           {
                     *             "mean_probability": 0.16081739966903077,
                     *             "churn_ratio": 0.15428571428571428,
                     *             "rows": 175
                     *           },
                     *           {
                     *             "mean_probability": 0.22363455507712904,
                     *             "churn_ratio": 0.22857142857142856,
                     *             "rows": 175
                     *           },
                     *           {
                     *             "mean_probability": 0.29954768999316694,
                     *             "churn_ratio": 0.26857142857142857,
                     *             "rows": 175
                     *           },
                     *           {
                     *             "mean_probability": 0.3927884994183791,
                     *             "churn_ratio": 0.36,
                     *             "rows": 175
                     *           },
                     *           {
                     *             "mean_probability": 0.5174983463839052,
                     *             "churn_ratio": 0.5771428571428572,
                     *             "rows": 175
                     *           },
                     *           {
                     *             "mean_probability": 0.7438567850415284,
                     *             "churn_ratio": 0.7428571428571429,
                     *             "rows": 175
                     *           }
                     *         ]
                     *       },
                     *       "explanations": {
                     *         "background_rows": 128,
                     *         "base_probability": 0.25887098782281337,
                     *         "golden_explanations": 3
                     *       },
                     *       "inference": {
                     *         "execution_provider": "cpu",
                     *         "threads": 0,
                     *         "max_batch_rows": 1024
                     *       },
                     *       "service_version": "1.0.0"
                     *     }
                     */
                    "application/json": components["schemas"]["ModelInfo"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDrift: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The comparison. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftReport"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests wait for an answer (overloaded). */
            503: {
                headers: {
                    /** @description With `overloaded`: seconds after which to try again. */
                    "Retry-After"?: number;
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model takes requests. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The model takes no requests. */
            503: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "unhealthy",
                     *       "model_loaded": false,
                     *       "model_version": "1.0.0",
                     *       "uptime_seconds": 12.3
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is alive. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "info": {
                     *         "process": {
                     *           "status": "up",
                     *           "uptime_seconds": 12.3
                     *         },
                     *         "inference": {
                     *           "status": "up"
                     *         }
                     *       },
                     *       "error": {},
                     *       "details": {
                     *         "process": {
                     *           "status": "up",
                     *           "uptime_seconds": 12.3
                     *         },
                     *         "inference": {
                     *           "status": "up"
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HealthCheck"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A forward pass does not end. */
            503: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "error",
                     *       "info": {
                     *         "process": {
                     *           "status": "up",
                     *           "uptime_seconds": 12.3
                     *         }
                     *       },
                     *       "error": {
                     *         "inference": {
                     *           "status": "down",
                     *           "reason": "stalled"
                     *         }
                     *       },
                     *       "details": {
                     *         "process": {
                     *           "status": "up",
                     *           "uptime_seconds": 12.3
                     *         },
                     *         "inference": {
                     *           "status": "down",
                     *           "reason": "stalled"
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HealthCheck"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model takes requests. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthCheck"];
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The model takes no requests. */
            503: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "error",
                     *       "info": {},
                     *       "error": {
                     *         "model": {
                     *           "status": "down",
                     *           "reason": "draining"
                     *         }
                     *       },
                     *       "details": {
                     *         "model": {
                     *           "status": "down",
                     *           "reason": "draining"
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HealthCheck"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in its answer and in the log: 1 to 128 letters, digits and `_.:=+/@-`. Another value counts as none, and a new id is made. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # HELP model_ready Processes whose model takes requests.
                     *     # TYPE model_ready gauge
                     *     model_ready 1
                     */
                    "text/plain": string;
                };
            };
            /** @description The service failed to answer (internal_error). */
            500: {
                headers: {
                    /** @description The id of the request: the one that was sent, or a new one. */
                    "X-Request-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
