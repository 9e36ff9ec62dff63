// Generated from configs/metadata/schemas by `npm run generate`. Do not edit.
import type { TableDefinition } from "../model/formats/table-definition";

/** The tables that the package ships with. */
export const DEFINITIONS: readonly TableDefinition[] = [
  {
    "tableId": "api_keys",
    "access": "keyAdmins",
    "description": "Manages API keys for tenant authentication.",
    "tableConstraints": {
      "primaryKey": {
        "columns": [
          "api_key_id"
        ]
      }
    },
    "schema": {
      "fields": [
        {
          "name": "api_key_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Unique UUID for this API key"
        },
        {
          "name": "tenant_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Tenant this key belongs to"
        },
        {
          "name": "api_key_hash",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Cryptographically hashed API key (never plaintext)"
        },
        {
          "name": "created_at",
          "type": "TIMESTAMP",
          "mode": "REQUIRED",
          "description": "When key was generated"
        },
        {
          "name": "created_by",
          "type": "STRING",
          "mode": "NULLABLE",
          "description": "User/service that created the key"
        },
        {
          "name": "expires_at",
          "type": "TIMESTAMP",
          "mode": "NULLABLE",
          "description": "Expiration timestamp (NULL = never expires)"
        },
        {
          "name": "is_active",
          "type": "BOOLEAN",
          "mode": "REQUIRED",
          "description": "Whether key is currently active"
        },
        {
          "name": "last_used_at",
          "type": "TIMESTAMP",
          "mode": "NULLABLE",
          "description": "Most recent successful authentication"
        },
        {
          "name": "description",
          "type": "STRING",
          "mode": "NULLABLE",
          "description": "Human-readable label/purpose"
        }
      ]
    }
  },
  {
    "tableId": "dq_results",
    "description": "Stores data quality validation results.",
    "timePartitioning": {
      "type": "DAY",
      "field": "ingestion_date"
    },
    "clustering": {
      "fields": [
        "tenant_id",
        "target_table",
        "overall_status"
      ]
    },
    "tableConstraints": {
      "primaryKey": {
        "columns": [
          "dq_result_id"
        ]
      },
      "foreignKeys": [
        {
          "referencedTable": {
            "tableId": "pipeline_runs"
          },
          "columnReferences": [
            {
              "referencingColumn": "pipeline_logging_id",
              "referencedColumn": "pipeline_logging_id"
            }
          ]
        }
      ]
    },
    "schema": {
      "fields": [
        {
          "name": "dq_result_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Unique UUID for this DQ check"
        },
        {
          "name": "pipeline_logging_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Foreign key to pipeline_runs table"
        },
        {
          "name": "tenant_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Tenant identifier"
        },
        {
          "name": "target_table",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Fully qualified table that was validated"
        },
        {
          "name": "dq_config_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "DQ configuration/expectation suite identifier"
        },
        {
          "name": "executed_at",
          "type": "TIMESTAMP",
          "mode": "REQUIRED",
          "description": "When DQ validation was executed"
        },
        {
          "name": "expectations_passed",
          "type": "INTEGER",
          "mode": "REQUIRED",
          "description": "Count of passed expectations"
        },
        {
          "name": "expectations_failed",
          "type": "INTEGER",
          "mode": "REQUIRED",
          "description": "Count of failed expectations"
        },
        {
          "name": "failed_expectations",
          "type": "JSON",
          "mode": "NULLABLE",
          "description": "Details of failures as JSON array"
        },
        {
          "name": "overall_status",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Outcome: PASS, WARNING, FAIL",
          "allowedValues": [
            "PASS",
            "WARNING",
            "FAIL"
          ]
        },
        {
          "name": "ingestion_date",
          "type": "DATE",
          "mode": "REQUIRED",
          "description": "Partition column (DATE of executed_at)"
        }
      ]
    }
  },
  {
    "tableId": "pipeline_runs",
    "description": "Tracks overall pipeline execution runs.",
    "timePartitioning": {
      "type": "DAY",
      "field": "start_time"
    },
    "clustering": {
      "fields": [
        "tenant_id",
        "pipeline_id",
        "status"
      ]
    },
    "tableConstraints": {
      "primaryKey": {
        "columns": [
          "pipeline_logging_id"
        ]
      }
    },
    "schema": {
      "fields": [
        {
          "name": "pipeline_logging_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Unique UUID for this pipeline execution instance"
        },
        {
          "name": "pipeline_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Pipeline identifier matching YAML filename"
        },
        {
          "name": "tenant_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Tenant identifier for multi-tenancy isolation"
        },
        {
          "name": "status",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Execution status: PENDING, RUNNING, COMPLETED, FAILED",
          "allowedValues": [
            "PENDING",
            "RUNNING",
            "COMPLETED",
            "FAILED"
          ]
        },
        {
          "name": "trigger_type",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "How pipeline was triggered: api, scheduler, manual, webhook, retry",
          "allowedValues": [
            "api",
            "scheduler",
            "manual",
            "webhook",
            "retry"
          ]
        },
        {
          "name": "trigger_by",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Identity who/what triggered the pipeline"
        },
        {
          "name": "start_time",
          "type": "TIMESTAMP",
          "mode": "REQUIRED",
          "description": "UTC timestamp when pipeline started (partition key)"
        },
        {
          "name": "end_time",
          "type": "TIMESTAMP",
          "mode": "NULLABLE",
          "description": "UTC timestamp when pipeline completed"
        },
        {
          "name": "duration_ms",
          "type": "INTEGER",
          "mode": "NULLABLE",
          "description": "Total execution time in milliseconds"
        },
        {
          "name": "config_version",
          "type": "STRING",
          "mode": "NULLABLE",
          "description": "Version/Git SHA of pipeline configuration"
        },
        {
          "name": "worker_instance",
          "type": "STRING",
          "mode": "NULLABLE",
          "description": "Worker/pod/instance that executed the pipeline"
        },
        {
          "name": "error_message",
          "type": "STRING",
          "mode": "NULLABLE",
          "description": "Error details if pipeline failed"
        },
        {
          "name": "parameters",
          "type": "JSON",
          "mode": "NULLABLE",
          "description": "Runtime parameters as flexible JSON object"
        }
      ]
    }
  },
  {
    "tableId": "step_logs",
    "description": "Tracks individual step executions within pipelines.",
    "timePartitioning": {
      "type": "DAY",
      "field": "start_time"
    },
    "clustering": {
      "fields": [
        "pipeline_logging_id",
        "status"
      ]
    },
    "tableConstraints": {
      "primaryKey": {
        "columns": [
          "step_logging_id"
        ]
      },
      "foreignKeys": [
        {
          "referencedTable": {
            "tableId": "pipeline_runs"
          },
          "columnReferences": [
            {
              "referencingColumn": "pipeline_logging_id",
              "referencedColumn": "pipeline_logging_id"
            }
          ]
        }
      ]
    },
    "schema": {
      "fields": [
        {
          "name": "step_logging_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Unique UUID for this step execution"
        },
        {
          "name": "pipeline_logging_id",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Foreign key to pipeline_runs table"
        },
        {
          "name": "step_name",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Step identifier from pipeline YAML (step_id)"
        },
        {
          "name": "step_type",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Type: bigquery_to_bigquery, data_quality, api_call, etc."
        },
        {
          "name": "step_index",
          "type": "INTEGER",
          "mode": "REQUIRED",
          "description": "Zero-based position in pipeline definition"
        },
        {
          "name": "status",
          "type": "STRING",
          "mode": "REQUIRED",
          "description": "Execution status: PENDING, RUNNING, COMPLETED, FAILED, SKIPPED",
          "allowedValues": [
            "PENDING",
            "RUNNING",
            "COMPLETED",
            "FAILED",
            "SKIPPED"
          ]
        },
        {
          "name": "start_time",
          "type": "TIMESTAMP",
          "mode": "REQUIRED",
          "description": "UTC timestamp when step started (partition key)"
        },
        {
          "name": "end_time",
          "type": "TIMESTAMP",
          "mode": "NULLABLE",
          "description": "UTC timestamp when step completed"
        },
        {
          "name": "duration_ms",
          "type": "INTEGER",
          "mode": "NULLABLE",
          "description": "Step execution time in milliseconds"
        },
        {
          "name": "rows_processed",
          "type": "INTEGER",
          "mode": "NULLABLE",
          "description": "Number of rows processed/written"
        },
        {
          "name": "error_message",
          "type": "STRING",
          "mode": "NULLABLE",
          "description": "Error details if step failed"
        },
        {
          "name": "metadata",
          "type": "JSON",
          "mode": "NULLABLE",
          "description": "Step-specific metadata as flexible JSON object"
        }
      ]
    }
  }
];
