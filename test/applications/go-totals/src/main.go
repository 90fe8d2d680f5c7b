package main

import (
	"context"
	"os"
	"strconv"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

var database *dynamodb.Client

func handle(ctx context.Context, event events.KinesisEvent) (events.KinesisEventResponse, error) {
	response := events.KinesisEventResponse{BatchItemFailures: []events.KinesisBatchItemFailure{}}
	for _, record := range event.Records {
		text := string(record.Kinesis.Data)
		if _, err := strconv.Atoi(text); err != nil {
			failure := events.KinesisBatchItemFailure{ItemIdentifier: record.Kinesis.SequenceNumber}
			response.BatchItemFailures = append(response.BatchItemFailures, failure)
			return response, nil
		}
		_, err := database.PutItem(ctx, &dynamodb.PutItemInput{
			TableName: aws.String(os.Getenv("TOTALS")),
			Item:      map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: text}},
		})
		if err != nil {
			return response, err
		}
	}
	return response, nil
}

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	database = dynamodb.NewFromConfig(settings)
	lambda.Start(handle)
}
